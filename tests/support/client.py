"""A browser without scripts that looks at every page it is given."""

import json
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class CheckedClient(FlaskClient):
    """Fetches pages, and checks each: title, one h1, ids, labels, form actions, "Error:", nothing inline."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if (
            response.mimetype == "text/html"
            and response.status_code not in (301, 302, 303, 304, 307, 308)
            and response.data
            and not response.headers.get("Content-Disposition", "").startswith("attachment")
        ):
            check_page(response.get_data(as_text=True), response.request.path)
        return response

    def page(self, path: str, status: int = 200) -> BeautifulSoup:
        """Get a page and return it, parsed."""
        response = self.get(path)
        assert response.status_code == status, f"{path} answered {response.status_code}: {said(response)}"
        return parsed(response)

    def send(
        self, path: str, form_number: int = 0, button: tuple[str, str] | None = None, **values: Any
    ) -> TestResponse:
        """Get a page, fill in one of its POST forms, and send it, hidden fields and all.

        A value of None leaves a field out. `button` is the name and value of the button that is pressed.
        """
        response = self.get(path)
        assert response.status_code == 200, f"{path} answered {response.status_code}: {said(response)}"
        forms = [
            form
            for form in parsed(response).find_all("form")
            if form.get("method", "").lower() == "post" and not is_sign_out(form)
        ]
        assert len(forms) > form_number, f"{path} has {len(forms)} forms to send"
        return self.send_form(forms[form_number], path, button, **values)

    def send_form(self, form: Tag, path: str, button: tuple[str, str] | None = None, **values: Any) -> TestResponse:
        """Fill in a form that was found on a page, and send it."""
        data = typed_in(form)
        for name, value in values.items():
            data.pop(name, None)
            if value is not None:
                data[name] = value if isinstance(value, list) else [value]
        if button:
            data[button[0]] = [button[1]]
        action = str(form.get("action") or urlsplit(path).path)
        return self.post(action, data=data)


DATA = {"type": "application/ld+json"}
"""The one kind of script that may stand in a page: data, which no browser runs."""


def is_json(text: str) -> bool:
    """Whether a text is a JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def is_sign_out(form: Tag) -> bool:
    """Whether a form is the one in the header that signs out."""
    return str(form.get("action", "")).endswith("/sign-out")


def typed_in(form: Tag) -> dict[str, list[str]]:
    """What a form holds as it stands."""
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field.get("value", "on"))
        elif field.name == "textarea":
            text = field.text
            data.setdefault(name, []).append(text[1:] if text.startswith("\n") else text)
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            data.setdefault(name, []).append(chosen.get("value", chosen.text) if chosen else "")
        else:
            data.setdefault(name, []).append(field.get("value", ""))
    return data


def parsed(response: TestResponse) -> BeautifulSoup:
    """The page of an answer."""
    return BeautifulSoup(response.get_data(as_text=True), "html5lib")


def said(response: TestResponse) -> str:
    """The visible text of an answer, short."""
    return " ".join(parsed(response).get_text(" ").split())[:700]


def check_page(html: str, path: str) -> None:
    """Fail when a page lacks what every page must have."""
    page = BeautifulSoup(html, "html5lib")
    problems = [*_head_problems(page), *_id_problems(page), *_form_problems(page), *_inline_problems(page, html)]
    assert not problems, f"{path}: {'; '.join(problems)}"


def _head_problems(page: BeautifulSoup) -> list[str]:
    problems = []
    title = page.title.text.strip() if page.title else ""
    if not title or title.startswith("–"):
        problems.append("the page has no title")
    if len(page.find_all("h1")) != 1:
        problems.append(f"the page has {len(page.find_all('h1'))} h1")
    if not page.html or not page.html.get("lang"):
        problems.append("the page does not say its language")
    if page.find(class_="govuk-error-summary") and not title.startswith(("Error:", "Gwall:")):
        problems.append("the page has errors and its title does not say so")
    if title.count("Error:") + title.count("Gwall:") > 1:
        problems.append("the title says twice that the page has errors")
    return problems


def _id_problems(page: BeautifulSoup) -> list[str]:
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    doubled = {one for one in ids if ids.count(one) > 1}
    return [f"ids used twice: {sorted(doubled)}"] if doubled else []


def _form_problems(page: BeautifulSoup) -> list[str]:
    problems = []
    labelled = {label.get("for") for label in page.find_all("label")}
    for form in page.find_all("form"):
        if not form.has_attr("action"):
            problems.append("a form has no action")
        # The address of this one is a secret between the site and one reader, and stands for the form's token.
        is_by_link = "/unsubscribe/" in form.get("action", "")
        has_token = is_by_link or form.find("input", attrs={"name": "csrf_token"})
        if form.get("method", "get").lower() == "post" and not has_token:
            problems.append(f"the form to {form.get('action')} has no csrf_token")
    for field in page.find_all(["input", "textarea", "select"]):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        if field.get("id") not in labelled and not field.get("aria-label") and not field.get("aria-labelledby"):
            problems.append(f"the field {field.get('name')} has no label")
    return problems


def _inline_problems(page: BeautifulSoup, html: str) -> list[str]:
    problems = []
    if any(not script.get("src") for script in page.find_all("script") if script.attrs != DATA):
        problems.append("an inline script")
    data = [one.string or "" for one in page.find_all("script", DATA)]
    problems += [f"data that cannot be read: {text}" for text in data if not is_json(text)]
    if page.find("style") or page.find(style=True):
        problems.append("an inline style")
    if any(name.startswith("on") for tag in page.find_all(True) for name in tag.attrs):
        problems.append("an inline handler")
    if "{{" in html or "{%" in html:
        problems.append("an unrendered template")
    return problems
