"""The measures themselves, on texts whose figures can be told by hand."""

from benchmarks.cleaning import main, measure, table
from benchmarks.peers import Found, baygan

from .case import Case, cases
from .pieces import catalogue, deal, strings
from .score import folded, half_spaced, leaked, score

WORDS = ["کتاب‌های تازه را می‌خوانم", "و می‌نویسم"]


def test_spelling_costs_nothing_but_words_do() -> None:
    assert score("كتابهاي تازه را مي‌خوانم و می‌نویسم", WORDS).f1 == 1
    half = score("کتاب‌های تازه را بستم", WORDS)
    assert (half.precision, half.recall) == (3 / 4, 3 / 6)
    assert score("", WORDS).f1 == 0
    assert score("کتاب‌های تازه را می‌خوانم و می‌نویسم عکس", WORDS, ["عکس"]).f1 == 1


def test_a_word_said_twice_is_due_twice() -> None:
    assert score("باران", ["باران باران"]).recall == 1 / 2
    assert score("باران باران", ["باران"]).precision == 1 / 2


def test_junk_is_found_in_any_spelling() -> None:
    assert leaked("… بیشتر  بخوانيد: …", ["بیشتر بخوانید", "نام"]) == ["بیشتر بخوانید"]


def test_half_spaced_words() -> None:
    assert half_spaced(["«می‌روم» و می‌روم", "خانه‌به‌دوش."]) == ["می‌روم", "خانه‌به‌دوش"]
    assert folded(" كتاب‌هاي\u00a0ما ") == "کتابهای ما"


def test_all_boilerplate_is_dealt_and_sealed_boilerplate_stays_sealed() -> None:
    pieces = catalogue()
    hidden = {name for name, piece in pieces.items() if piece.sealed}
    build = deal([str(n) for n in range(40)], sealed=False)
    dealt = {name for places in build.values() for names in places.values() for name in names}
    assert dealt == pieces.keys() - hidden
    assert len(dealt) > 60
    assert len(hidden) > 8
    assert all(set(places) <= PLACES for places in build.values())


PLACES = {"top", "middle", "bottom", "above", "below", "form", "foot", "side"}


def test_strings_of_a_piece() -> None:
    html = "<p>{other1} را <b>بیشتر بخوانید</b></p><script>نه این را</script>"
    assert list(strings(html, {"other1": "برف در کوه"})) == ["برف در کوه را", "بیشتر بخوانید"]


def test_the_benchmark_tells_a_good_extractor_from_a_bad_one() -> None:
    pages: list[Case] = cases("build")[:4]
    extractors = {"baygan": baygan(), "nothing": lambda *page: Found("")}
    tallies = measure(pages, extractors)
    assert [one.f1 for one in tallies["nothing"].scores] == [0] * 4
    assert min(one.f1 for one in tallies["baygan"].scores) > 0.9
    rows = table(tallies).splitlines()
    assert len({row.count("|") for row in rows}) == 1
    assert rows[2].startswith("| baygan | ")


def test_sealed_pages_are_not_shown_one_by_one() -> None:
    try:
        main(["--sealed", "--pages"])
    except SystemExit as refused:
        assert refused.code == 2
    else:
        raise AssertionError("shown")
