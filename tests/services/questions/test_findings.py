from bot.services.questions.findings import Finding, Level, Matter, matters


def found(what: str, about: str, level: Level = Level.ERROR, **more: object) -> Finding:
    return Finding(level=level, where="a.j2:1", what=what, about=about, **more)  # type: ignore[arg-type]


def test_a_matter_of_many_posts_is_told_once() -> None:
    [one] = matters(found("it is wrong", f"post {number}") for number in (1, 2, 2, 3, 4))
    assert str(one) == "a.j2:1: it is wrong (post 1, post 2 and 2 more)"


def test_where_sentences_differ_the_heaviest_speaks_for_all() -> None:
    same = [found(f"{size} long", f"post {size}", alike="long", weight=size) for size in (3, 9, 5)]
    assert matters(same) == [
        Matter(
            level=Level.ERROR,
            where="a.j2:1",
            what="9 long",
            about=("post 9", "post 5", "post 3"),
        )
    ]


def test_the_gravest_come_first() -> None:
    told = matters([found("n", "a", Level.NOTE), found("w", "a", Level.WARNING), found("e", "a")])
    assert [one.level for one in told] == [Level.ERROR, Level.WARNING, Level.NOTE]
    assert str(Matter(level=Level.NOTE, where="", what="that is all")) == "that is all"
