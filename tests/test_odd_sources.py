"""Nights on sites whose sitemaps and feeds are not as the documents say."""

from __future__ import annotations

from pathlib import Path

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights

CLOSED = "rest_login_required"
POSTS = "/wp-sitemap-posts-post-1.xml"


def answer(body: str) -> Mood:
    return lambda request, document: Document(body.encode(), content_type="text/xml").answer()


def urlset(*locs: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{loc}</loc></url>' for loc in locs)}</urlset>"


def test_another_language_that_only_the_sitemap_names_is_fetched(tmp_path: Path) -> None:
    with Newsroom(Site(14)) as room:
        site = room.site
        others = room.posts[:7]
        site.options.unlisted = tuple(post.id for post in others)
        nights = Nights(room, tmp_path / "archive")
        page = site.listed("page")[0]
        named = [site.url(post) for post in (*site.listed("post"), page)]
        room.be(answer(urlset(*named)), POSTS)
        night = nights()
        assert (night["new"], night["verdict"]) == (15, "complete")
        assert night["coverage"]["total"] == night["coverage"]["known"] == {"post": 8}
        assert night["coverage"]["refused"]["page"] == 1
        assert "8 addresses that REST does not list" in night["notes"][0]
        for post in others:
            assert len(nights.versions(post.id)) == 1
        for days in (1, 7):
            nights.forward(days=days)
            night = nights()
            assert (night["verdict"], night["new"], night["gone"]) == ("complete", 0, 0)
            assert (nights.fetched, page.path in nights.asked) == (0, False)
        assert nights.ledger == []
        site.options.unlisted = ()
        night = nights()
        assert (night["verdict"], night["new"]) == ("complete", 0)
        assert night["coverage"]["known"] == {"post": 15}


def test_robots_txt_names_its_sitemaps_as_long_as_it_does(tmp_path: Path) -> None:
    robots = ("Sitemap: /maps/khabar.xml", "Sitemap: http://[khabar/")
    with Newsroom(Site(6, options=Options(CLOSED, sitemap="none", robots=robots))) as room:
        nights = Nights(room, tmp_path / "archive")
        room.be(answer(urlset(*(post.path for post in room.posts))), "/maps/khabar.xml")
        night = nights()
        assert (night["new"], night["coverage"]["source"]) == (6, "sitemap")
        assert "names a sitemap at no address: http://[khabar/" in night["notes"][0]
        room.site.options.robots = ()
        room.site.touch()
        nights(code=None)
        nights(code=None)
        assert "/maps/khabar.xml" not in nights.asked


def test_an_address_that_is_none_is_news_once(tmp_path: Path) -> None:
    with Newsroom(Site(6, options=Options(CLOSED))) as room:
        nights = Nights(room, tmp_path / "archive")
        posts = [room.site.url(post) for post in room.posts]
        room.be(answer(urlset("http://127.0.0.1:99999/a/", *posts)), POSTS)
        night = nights(code=3)
        assert (night["new"], len(night["problems"])) == (6, 1)
        assert "names what is no address" in night["problems"][0]
        night = nights()
        assert (night["problems"], len(night["notes"])) == ([], 1)


def test_a_sitemap_of_the_newest_does_not_stand_for_the_feed(tmp_path: Path) -> None:
    robots = ("Sitemap: /feed/?paged=1",)
    with Newsroom(Site(24, options=Options(CLOSED, sitemap="none", robots=robots))) as room:
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["coverage"]["source"]) == (25, "feed")
        room.site.add()
        assert nights()["new"] == 1


def test_what_the_newest_rolls_past_is_not_taken_for_removed(tmp_path: Path) -> None:
    robots = ("Sitemap: /latest.xml",)
    options = Options(CLOSED, sitemap="none", feed=False, archives=False, robots=robots)
    with Newsroom(Site(24, options=options)) as room:
        home = "<html><head><link href='/wp-content/a.css'></head><body></body></html>"
        room.be(answer(home), lambda request: request.path == "/")
        nights = Nights(room, tmp_path / "archive")

        def latest(request: Request, document: Document) -> object:
            posts = room.site.latest()[:10]
            entries = "".join(f"<item><link>{room.site.url(post)}</link></item>" for post in posts)
            return Document(f"<rss><channel>{entries}</channel></rss>".encode()).answer()

        room.be(latest, "/latest.xml")  # type: ignore[arg-type]
        first = nights(code=None)
        assert first["coverage"]["source"] == "sitemap"
        for _ in range(8):
            room.site.add()
        nights.forward(days=1)
        night = nights()
        assert (night["new"], night["gone"], night["problems"]) == (8, 0, [])


def test_what_was_there_and_could_not_be_used_is_told(tmp_path: Path) -> None:
    robots = ("Sitemap: /maps/khabar.xml",)
    options = Options(CLOSED, sitemap="none", feed=False, archives=False, robots=robots)
    with Newsroom(Site(6, options=options)) as room:
        empty = "<html><head><link href='/wp-content/a.css'></head><body></body></html>"
        room.be(answer(empty), lambda request: request.path in ("/", "/maps/khabar.xml"))
        nights = Nights(room, tmp_path / "archive")
        done = nights.baygan("crawl")
        assert done.code == 1
        assert f"{room.url}maps/khabar.xml is no sitemap" in done.err


def test_a_list_s_link_that_is_no_address_is_told(tmp_path: Path) -> None:
    options = Options(CLOSED, sitemap="none", feed=False)
    with Newsroom(Site(6, options=options)) as room:
        nights = Nights(room, tmp_path / "archive")
        lost = f'href="{room.site.url(room.posts[0])}'.encode()

        def mood(request: Request, document: Document) -> Answer:
            body = document.body.replace(lost, b'href="http://[::1/khabar/')
            return Document(body).answer()

        room.be(mood, "/")
        night = nights(code=None)
        assert night["coverage"]["source"] == "lists"
        told = [line for line in night["problems"] if "what is no address: http://[::1/" in line]
        assert len(told) == 1
