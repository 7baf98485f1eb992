"""A page of a theme that names nothing, for tests of what stands on it and where."""

from __future__ import annotations

TITLE = "چشمه‌های تازه در دامنهٔ سپیدکوه پیدا شد"
URL = "https://abnegar.example/n/12"
PARAGRAPHS = (
    "گروهی از آب‌نگاران دانشگاه سپیددشت چشمه‌هایی در دامنهٔ کوه یافتند که در نقشه‌های پیشین نبود.",
    "آنان می‌گویند آب این چشمه‌ها در سال‌های پرباران به دشت می‌رسد و باغ‌ها را سیراب می‌کند.",
    "نقشهٔ تازه تا پایان زمستان در کتابخانهٔ شهر به نمایش گذاشته می‌شود و دیدن آن رایگان است.",
)


def unnamed(
    *,
    headline: str = TITLE,
    title: str = f"{TITLE} | آب‌نگار",
    head: str = "",
    names: str = "",
    above: str = "",
    before: str = "",
    inner: str = "",
    after: str = "",
    box: str = "nevesht",
    paragraphs: tuple[str, ...] = PARAGRAPHS,
) -> bytes:
    """The page: `above` the headline, `before` the text, `inner` at its head, `after` it; `names`
    are the body's classes, `box` is the text's."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html lang='fa-IR'><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body class='{names}'><div class='kol'>{above}<div class='maghale'><h1>{headline}</h1>"
        f"{before}<div class='{box}'>{inner}{text}</div>{after}</div></div></body></html>"
    ).encode()
