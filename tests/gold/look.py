"""How a case's page is to look: the JSON that a request carries in its header Gold-Look.

theme, skin         the theme, and the skin of our own theme `newsstand`
site, tagline       the site's name and slogan
date                visible `text` and `attribute` of <time>; absent: WordPress's own
seo, machine_date   the SEO plugin imitated, and the date it writes if not the true one
lead_class          print the excerpt as a lead of this class within the content
pieces, fillings    boilerplate by place (php/mu-plugins/pieces.php), and its {placeholders}
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from persiantools.jdatetime import JalaliDateTime

SITES = {
    "jannah": ("روزنامه پگاه", "بامداد هر روز، پیش از چای"),
    "sahifa": ("خبرگزاری نارون", "خبر را ساده بگوییم"),
    "publisher": ("صدای کوهپایه", "از دامنه تا دشت خبر می‌رسد"),
    "newspaper": ("چهارسوق خبر", "هر چهار سوی شهر در یک صفحه"),
    "jnews": ("دفتر ماجرا", "روایت‌هایی که جا مانده‌اند"),
    "elementor": ("پایگاه خبری لنگرگاه", "کنار اسکله می‌نویسیم"),
    "mahalli": ("بازتاب گلستانک", "پایگاه خبری مردم گلستانک"),
    "astra": ("کوچه روشن", "خبر از پشت پنجره"),
    "item": ("خبرگزاری سپیدار", "راست و کوتاه"),
    "twentytwentyone": ("روزنامه سرچشمه", "خبرهای کنار رودخانه"),
    "twentytwentytwo": ("هفته‌نامه آبادی", "هر هفته یک آبادی تازه"),
    "twentytwentythree": ("نشریه پل چوبی", "میان دو کرانه ایستاده‌ایم"),
}


def header(look: Mapping[str, Any]) -> str:
    """A look as the request's header carries it."""
    text = json.dumps(look, ensure_ascii=False, sort_keys=True)
    return base64.b64encode(text.encode()).decode()


def dressed(skin: str) -> dict[str, Any]:
    """Theme, skin, name and slogan: `skin` is one of ours or a theme of WordPress's."""
    site, tagline = SITES[skin]
    own = not skin.startswith("twenty")
    look = {"theme": "newsstand" if own else skin, "site": site, "tagline": tagline}
    return {**look, "skin": skin} if own else look


def jalali(moment: datetime) -> JalaliDateTime:
    return JalaliDateTime(moment)  # type: ignore[no-untyped-call]


def visible(mode: str, moment: datetime) -> dict[str, str] | None:
    """What the theme prints for a moment, and the machine's word beside it."""
    day = jalali(moment)
    long = day.strftime("%d %B %Y", locale="fa").lstrip("۰")
    weekday = day.strftime("%A %d %B %Y - %H:%M", locale="fa")
    slash = day.strftime("%Y/%m/%d", locale="fa")
    american = day.strftime("%B %d, %Y", locale="fa")
    afghan = f"{day.day} {AFGHAN[day.month - 1]} {day.year}"
    arabic = long.replace("ی", "ي").replace("ک", "ك")
    # wp-parsidate 5.1.0 converts the text twice, and the machine's word once
    broken = f"{day.year}/{day.month}/{day.day} {moment:%H:%M:%S}"
    modes = {
        "none": ("", ""),
        "jalali": (long, moment.isoformat()),
        "weekday": (weekday, weekday),
        "slash": (slash, day.strftime("%Y-%m-%dT%H:%M:%S+03:30")),
        "arabic": (arabic, arabic),
        "american": (american, american),
        "afghan": (afghan, afghan),
        "parsidate": ("تیر 19, 783", broken),
        "ago": ("۳ ساعت پیش", ""),
    }
    if mode == "core":
        return None
    text, attribute = modes[mode]
    return {"text": text, "attribute": attribute}


def machine(mode: str, moment: datetime) -> str | None:
    """The date in JSON-LD and article:published_time, as Jalali plugins spoil it."""
    day = jalali(moment)
    match mode:
        case "true":
            return None
        case "false-offset":
            return day.strftime("%Y-%m-%dT%H:%M:%S+00:00", locale="fa")
        case "jalali-iso":
            return day.strftime("%Y-%m-%dT%H:%M:%S+03:30")
        case "backslash":
            return day.strftime("%Y-%m-%d\\%H:%M:%S", locale="fa")
        case "comma":
            return day.strftime("%Y/%m/%d ,%H:%M")
    raise ValueError(mode)


AFGHAN = (
    "حمل",
    "ثور",
    "جوزا",
    "سرطان",
    "اسد",
    "سنبله",
    "میزان",
    "عقرب",
    "قوس",
    "جدی",
    "دلو",
    "حوت",
)
