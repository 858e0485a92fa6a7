from tests.docs.season import ROOT, page


def test_the_page_of_the_season_is_what_would_be_posted() -> None:
    written = (ROOT / "docs" / "season.md").read_text(encoding="utf-8")
    assert written == page(), "it has changed: read it, and run make season"
