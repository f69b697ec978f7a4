"""The commands of the register."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.projects.models import Project

pytestmark = pytest.mark.database

HEAD = (
    "local-authority-code,official-name,nice-name,gss-code,start-date,end-date,replaced-by,nation,region,"
    "local-authority-type,current-authority,gov-uk-slug"
)
ADUR = "ADU,Adur District Council,Adur,E07000223,,,,England,South East,NMD,True,adur"


def test_importing_says_what_it_did_and_what_it_could_not_use(app, tmp_path) -> None:
    file = tmp_path / "published.csv"
    file.write_text(f"{HEAD}\n{ADUR}\nBAD,Bad Council,Bad,,,,,Narnia,,NMD,True,bad")
    run = app.test_cli_runner().invoke(args=["councils", "import", str(file)])
    assert run.exit_code == 0, run.output
    assert "line 3: 'Narnia' is not a nation" in run.output
    assert "1 councils added, 0 changed, 0 unchanged, 1 lines not used" in run.output
    again = app.test_cli_runner().invoke(args=["councils", "import", str(file)])
    assert "0 councils added, 0 changed, 1 unchanged" in again.output


def test_another_kind_of_file_is_refused(app, tmp_path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    run = app.test_cli_runner().invoke(args=["councils", "import", str(file)])
    assert run.exit_code == 1


def test_loading_the_register_knows_people_again_by_any_domain_of_their_council(app, make) -> None:
    one, two = (
        make.officer(address=f"jo@{domain}") for domain in ("redditchbc.gov.uk", "bromsgroveandredditch.gov.uk")
    )
    assert one.person_key != two.person_key
    run = app.test_cli_runner().invoke(args=["councils", "load"])
    assert run.exit_code == 0, run.output
    with make.session() as session:
        assert len(set(session.scalars(select(Officer.person_key)))) == 1


def test_a_decision_that_is_due_is_taken_on_the_register_as_it_was(app, make) -> None:
    project = make.project(make.council(), decision_on=clock.today() - timedelta(days=1), least_councils=1)
    run = app.test_cli_runner().invoke(args=["councils", "load"])
    assert run.exit_code == 0, run.output
    with make.session() as session:
        assert session.get_one(Project, project.id).status == "lapsed"
        log = list(session.scalars(select(LoggedEvent.name).order_by(LoggedEvent.sequence)))
    assert log.index("project.lapsed") < log.index("council.added")
