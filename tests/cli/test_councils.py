"""The commands of the register."""

import pytest

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
