"""What a house says on its pages besides the news: sentences that no list of phrases holds."""

from __future__ import annotations

from random import Random

NAMES = ("روزنگار کهربا", "پنجرهٔ نیلوفر", "صدای دامنه", "چاپار البرز", "برگ‌ریز", "آوند")
# {name} is the house's own.
FIRST = (
    "این نوشته را گروه {name} از میان رویدادهای امروز برای شما برگزیده است.",
    "پیش از خواندن بدانید که {name} تنها راوی است و داوری را به شما می‌سپارد.",
    "آنچه می‌خوانید نخستین بار در {name} به چاپ رسیده و بازگویی آن رایگان است.",
)
AMID = (
    "خواننده‌های همیشگی {name} هر پنج‌شنبه جعبهٔ خبر را در صندوق رایانامهٔ خود می‌یابند.",
    "اگر این گزارش به کارتان آمد، نامی از {name} نزد دوستی ببرید.",
    "دفتر {name} شنبه‌ها از نه بامداد چشم‌به‌راه نامه‌های شماست.",
)
LAST = (
    "بهای ماندن {name} یک فنجان چای در ماه است؛ برگهٔ همراهی ما را ببینید.",
    "سردبیر {name} پاسخ نامه‌ها را هر سه‌شنبه خودش می‌نویسد.",
    "هر غلطی دیدید با پیک کاغذی {name} برایمان بفرستید تا همان روز درستش کنیم.",
    "نویسندگان {name} از هیچ بنگاهی پاداش نمی‌گیرند و این را سالی دو بار گواهی می‌کنند.",
)
BIOS = (
    "از بچه‌های کوچهٔ سروستان است و ده سال است که در {name} قلم می‌زند.",
    "دانش‌آموختهٔ تاریخ است، گلدان نگه می‌دارد و میز {name} بی او خاموش است.",
    "سال‌ها آموزگار بود و از زمستان پارسال به جمع {name} آمد.",
    "با دوچرخه به سر کار می‌آید و بیشتر از شهرهای کوچک می‌نویسد.",
    "شب‌ها نسخه می‌خواند و روزها در پی سوژه‌های {name} است.",
    "عکاس بود و نویسنده شد؛ هنوز هم با دوربین به {name} می‌آید.",
)
SHARES = ("به گوش دیگران برسانید", "بفرست برای رفیقت", "دست‌به‌دستش کن")
RELATED = ("از همین دفتر", "سطرهای هم‌خانه", "ورق‌های کنار این برگ")
STREETS = ("سرو", "بید", "چنار", "نارون", "افرا")
ASK = ("جای حرف شما", "شما هم بگویید", "دفتر یادگار")
FIELDS = ("چه صدایتان کنیم", "نشانی پستی الکترونیک", "حرفتان")
SEND = ("بگذار بماند", "بفرستش", "ثبت در دفتر")
MENU = ("سرا", "شهرگردی", "بازارچه", "میدان ورزش", "دانشستان", "کاغذپاره‌ها")


class House:
    """The words of one house; a seed chooses which sentences it says, and where."""

    def __init__(self, seed: int) -> None:
        chance = Random(f"house {seed}")
        self.name = chance.choice(NAMES)
        self.first = self._say(chance.choice(FIRST)) if chance.random() < 0.6 else None
        self.amid = self._say(chance.choice(AMID)) if chance.random() < 0.5 else None
        # Some houses say one thing at the end, some one of three in turn.
        self.last = [self._say(text) for text in chance.sample(LAST, chance.choice((1, 1, 2, 3)))]
        self.share_label = chance.choice(SHARES)
        self.share = f"<b>{self.share_label}</b> <i>۱</i><i>۲</i>"
        self.related = chance.choice(RELATED)
        self.ask, self.send = chance.choice(ASK), chance.choice(SEND)
        self.fields = FIELDS
        self.menu = MENU
        self.rights = f"{self.name} از آن خوانندگانش است و پروانهٔ کار دارد."
        self.code = "شمارهٔ برگه"
        self.more = "دیگر دست‌نوشته‌هایش"
        self.aside = "همین حالا ورق بزنید"
        self.adverts = [f"خانه‌ای نوساز در کوی {street}، همین امروز ببینید." for street in STREETS]
        self.advert = "جای نام شما در این ستون خالی است."

    def _say(self, text: str) -> str:
        return text.format(name=self.name)

    def bio(self, author: int) -> str:
        return self._say(BIOS[author])

    def filtered(self, parts: list[str], number: int) -> list[str]:
        """A text's parts with the house's sentences put between them."""
        said = list(parts)
        if self.amid:
            said.insert(len(said) // 2, f"<p>{self.amid}</p>")
        if self.first:
            said.insert(0, f"<p>{self.first}</p>")
        said.append(f"<p>{self.last[Random(number).randrange(len(self.last))]}</p>")
        return said

    def junk(self) -> list[str]:
        """The house's sentences that must not be in a text."""
        return [text for text in (self.first, self.amid, *self.last) if text]

    def furniture(self) -> list[str]:
        """What shares, forms and lists say."""
        bios = [self.bio(number) for number in range(len(BIOS))]
        boxes = [self.related, self.ask, *self.fields, self.send, self.more, *SHARES]
        return [*boxes, *self.adverts, self.aside, self.rights, self.code, self.advert, *bios]
