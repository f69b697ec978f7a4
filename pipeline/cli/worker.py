"""`flask worker`: listens to the event log, sends what the outbox holds, and does the duties that come round.

Listeners and duties take turns in one thread. Mail has a thread of its own, so that a mail server that is slow or dead
holds up nothing else; and so have the files that officers bring, one of which can take seconds to read, and the
portfolios that councils bring in, line by line. Webhooks have one that begins their messages, and each message has its
own. Exports have one, as they take minutes where there is much.
"""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import Settings
from pipeline import RELEASE
from pipeline.accounts.duties import DUTIES as ACCOUNT_DUTIES
from pipeline.artefacts.duties import DUTIES as DOCUMENT_DUTIES
from pipeline.artefacts.originals import DUTIES as ORIGINAL_DUTIES
from pipeline.artefacts.recurrences import DUTIES as RECURRENCE_DUTIES
from pipeline.contact.duties import DUTIES as CONTACT_DUTIES
from pipeline.db.engine import database
from pipeline.db.jobs import Duty, do_due_duties, plan_duties
from pipeline.db.listeners import Listener, hear
from pipeline.db.snapshot import read_with_little_memory
from pipeline.documents.keeping import take_in_uploads
from pipeline.exports.kinds import EXPORT_KINDS
from pipeline.exports.making import tend_exports
from pipeline.imports.bringing_in import DUTIES as IMPORT_DUTIES
from pipeline.imports.bringing_in import bring_in_portfolios
from pipeline.moderation.duties import DUTIES as REPORT_DUTIES
from pipeline.notifications.date_reminders import DUTIES as REMINDER_DUTIES
from pipeline.notifications.digests import DUTIES as DIGEST_DUTIES
from pipeline.notifications.envelope import Office
from pipeline.notifications.fan_out import tell_followers
from pipeline.notifications.keeping import DUTIES as NOTICE_DUTIES
from pipeline.notifications.listener import LISTENER as MAIL
from pipeline.notifications.sender import Sender
from pipeline.notifications.transport import BadMailUrl, mailer_from
from pipeline.pledges.duties import DUTIES as PLEDGE_DUTIES
from pipeline.portfolios.listener import LISTENER as PORTFOLIOS
from pipeline.projects.duties import DUTIES as PROJECT_DUTIES
from pipeline.projects.figures import DUTIES as FIGURE_DUTIES
from pipeline.search.index import renew
from pipeline.search.listener import LISTENER as SEARCH
from pipeline.similarity.keeping import compare_due
from pipeline.similarity.listener import LISTENER as SIMILAR_WORK
from pipeline.statistics.listener import LISTENER as STATISTICS
from pipeline.successions.duties import DUTIES as SUCCESSION_DUTIES
from pipeline.webhooks.courier import Courier
from pipeline.webhooks.duties import DUTIES as WEBHOOK_DUTIES
from pipeline.webhooks.listener import LISTENER as WEBHOOKS
from pipeline.webhooks.parcel import Sender as WebhookSender

log = logging.getLogger(__name__)

REST = 0.5
"""Seconds the worker rests when there was nothing to do."""

PATIENCE = 1.0
"""Seconds a stopping worker waits for a message in the middle of being sent. Its lease brings it back."""

LISTENERS: tuple[Listener, ...] = (SEARCH, SIMILAR_WORK, STATISTICS, PORTFOLIOS, MAIL, WEBHOOKS)
DUTIES: tuple[Duty, ...] = (
    *ACCOUNT_DUTIES, *PLEDGE_DUTIES, *PROJECT_DUTIES, *FIGURE_DUTIES, *REMINDER_DUTIES, *ORIGINAL_DUTIES,
    *DOCUMENT_DUTIES, *RECURRENCE_DUTIES, *IMPORT_DUTIES, *WEBHOOK_DUTIES, *CONTACT_DUTIES,
    *DIGEST_DUTIES, *NOTICE_DUTIES, *SUCCESSION_DUTIES, *REPORT_DUTIES,
)  # fmt: skip
"""What the worker runs, from the layers that have something to run."""


@click.command()
@click.option("--once", is_flag=True, help="Do what is waiting and stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Do the work that may wait: the search index, statistics, mail, webhooks, dates that come."""
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        _stop_on_signals(stop)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    sender = sender_of(app.config["SETTINGS"], stop)
    courier = courier_of(app, stop)
    plan_duties(list(DUTIES))
    exports = partial(tend_exports, app.extensions[EXPORT_KINDS], RELEASE, stop.wait)
    if once:
        own: list[Callable[[], int]] = [take_in_uploads, bring_in_portfolios, courier.deliver_and_wait, exports]
        acts = [*own, *([] if sender is None else [sender.send_due])]
        while not stop.is_set() and work_through(*acts):
            pass
        return
    if sender is None:
        log.warning("MAIL_URL is not set: no mail leaves, and what is owed waits")
    else:
        threading.Thread(target=_keep_doing, args=(app, sender.send_due, stop), name="mail", daemon=True).start()
    _remember_little()
    kept_doing: dict[str, Callable[[], int]] = {
        "uploads": take_in_uploads, "imports": bring_in_portfolios, "webhooks": courier.deliver_due, "exports": exports,
    }  # fmt: skip
    for name, act in kept_doing.items():
        threading.Thread(target=_keep_doing, args=(app, act, stop), name=name, daemon=True).start()
    click.echo("The worker has begun.")
    while not stop.is_set():
        if not work_through():
            stop.wait(REST)
    _let_the_mail_finish()
    click.echo("The worker has stopped.")


def _remember_little() -> None:
    """Have a worker keep little of an SQLite file in its memory: it reads much, and each thing once."""
    read_with_little_memory(database.engine)
    database.engine.dispose()


def sender_of(settings: Settings, stop: threading.Event) -> Sender | None:
    """What sends mail with these settings; None where they name no way out. A bad one ends the program."""
    if not settings.mail_url:
        return None
    try:
        return Sender(mailer_from(settings.mail_url), Office.of(settings), stop)
    except BadMailUrl as problem:
        sys.exit(str(problem))


def courier_of(app: Flask, stop: threading.Event) -> Courier:
    """What carries messages to webhooks, with the settings of an application."""
    settings: Settings = app.config["SETTINGS"]
    who = WebhookSender(app.config["PUBLIC_URL"], settings.secret_key, settings.webhooks_to_this_machine)
    return Courier(who, app.app_context, stop=stop)


def _stop_on_signals(stop: threading.Event) -> None:
    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)


def _keep_doing(app: Flask, act: Callable[[], int], stop: threading.Event) -> None:
    """Do what is due for as long as the worker runs: mail, files to be read, portfolios to be brought in."""
    while not stop.is_set():
        done = 0
        try:
            with app.app_context():
                done = act()
        except Exception:
            log.exception("a thread of the worker (%s) failed; it tries again", threading.current_thread().name)
        if not done:
            stop.wait(REST)


def _let_the_mail_finish() -> None:
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(PATIENCE)


def work_through(*senders: Callable[[], int]) -> int:
    """One round of everything; returns how much there was to do. A part that fails leaves the others running."""
    done = 0
    parts: list[Callable[[], int]] = [lambda listener=listener: hear(listener) for listener in LISTENERS]  # type: ignore[misc]
    parts += [renew, compare_due, tell_followers, *senders, lambda: do_due_duties(list(DUTIES))]
    for part in parts:
        try:
            done += part()
        except Exception:
            log.exception("a part of the worker failed; it is tried again in the next round")
        finally:
            database.session.remove()
    return done
