"""The boilerplate of an article page: what plugins and the theme set around and into the text."""

from html import escape

from tests.newsroom.post import Post
from tests.newsroom.site import Site
from tests.newsroom.theme import STRINGS as SHELL_STRINGS

SHARE = "ارسال این خبر به شبکه‌های اجتماعی ایرانی"
MORE = "بیشتر بخوانید"
RELATED = "نوشته های مشابه"
SHORT_LINK = "لینک کوتاه خبر"
REPLY = "دیدگاهتان را بنویسید"
CANCEL = "لغو پاسخ"
NOT_SHOWN = "نشانی ایمیل شما منتشر نخواهد شد."
REQUIRED = "بخش‌های موردنیاز علامت‌گذاری شده‌اند"
REMEMBER = "ذخیره نام، ایمیل و وبسایت من در مرورگر برای زمانی که دوباره دیدگاهی می‌نویسم."
SEND = "فرستادن دیدگاه"
PREVIOUS, NEXT = "نوشتهٔ پیشین", "نوشتهٔ بعدی"
READING = "زمان تقریبی مطالعه"
BIO = "خبرنگار خبرخانهٔ بامداد است و سال‌هاست از شهرهای ایران می‌نویسد."
NUMBER_WORDS = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه")

STRINGS = (
    *SHELL_STRINGS, SHARE, MORE, RELATED, SHORT_LINK, REPLY, CANCEL, NOT_SHOWN, REQUIRED,
    REMEMBER, SEND, PREVIOUS, NEXT, READING, BIO,
)  # fmt: skip
"""Boilerplate that stands on every article page."""


def junk(post: Post) -> list[str]:
    """Every string on this post's page that must not come out as its text."""
    found = [*STRINGS, captcha_sum(post), *(text for _, text in post.comments)]
    if post.end_marker:
        found.append(post.end_marker)
    if post.source:
        found.append(source_line(post))
    return found


def source_line(post: Post) -> str:
    return f"منبع {post.source}" if post.id % 2 else f"منبع: {post.source}"


def captcha_sum(post: Post) -> str:
    """A sum with one digit and one word, such as «3 × پنج =»."""
    return f"{post.id % 8 + 2} × {NUMBER_WORDS[post.id % 9]} ="


def share_line(post: Post) -> str:
    """What the share plugin's content filter adds, in one of three spellings."""
    link = "https://eitaa.com/share/url?url=" + post.slug
    if post.id % 3 == 0:
        return f"<p>{SHARE}</p>"
    if post.id % 3 == 1:
        return f'<div class="wpshare-ir"><a href="{link}"><img alt="{SHARE}"></a> {SHARE}</div>'
    return f'<p style="text-align:center"><a href="{link}" rel="nofollow">{SHARE}</a></p>'


def read_more(site: Site, post: Post) -> str:
    """The inline link to another story, in the middle of the text."""
    other = site.around(post, 5)[0]
    link = f'<a href="{site.url(other)}">{escape(other.title)}</a>'
    if post.id % 2:
        return f"<p><strong>{MORE}:</strong> {link}</p>"
    return f'<div class="bs-irp left bs-irp-text-1"><div class="heading">{MORE}</div>{link}</div>'


def related(site: Site, post: Post) -> str:
    items = "".join(
        f'<div class="related-item"><a href="{site.url(p)}" class="post-thumb"><img width="390" '
        f'height="220" src="{site.home}/wp-content/uploads/photo-{p.id}.png" alt=""></a>'
        f'<h3 class="post-title"><a href="{site.url(p)}">{escape(p.title)}</a></h3></div>'
        for p in site.around(post, 2, 7, 11)
    )
    return f'<div id="related-posts" class="container-wrapper"><h3>{RELATED}</h3>{items}</div>'


def short_link(site: Site, post: Post) -> str:
    return (
        f'<div class="post-shortlink"><span>{SHORT_LINK}: </span><input type="text" '
        f'value="{site.home}/?p={post.id}" readonly></div>'
    )


def author_box(site: Site, post: Post) -> str:
    number = site.authors[post.author]
    return (
        f'<div id="author-box" class="about-author container-wrapper"><div class="author-avatar">'
        f'<img src="{site.home}/wp-content/uploads/photo-{number}.png" alt="{post.author}"></div>'
        f'<h3 class="author-name">{post.author}</h3><div class="author-bio">{BIO}</div></div>'
    )


def navigation(site: Site, post: Post) -> str:
    before, after = site.around(post, 1, -1)
    return (
        '<nav class="navigation post-navigation"><h2 class="screen-reader-text">راهبری نوشته</h2>'
        f'<div class="nav-links"><div class="nav-previous"><a href="{site.url(before)}" rel="prev">'
        f"{PREVIOUS}: {escape(before.title)}</a></div><div class='nav-next'><a "
        f'href="{site.url(after)}" rel="next">{NEXT}: {escape(after.title)}</a></div></div></nav>'
    )


def comments(site: Site, post: Post) -> str:
    """Readers' comments, core's form in fa_IR, and a captcha plugin's sum."""
    link = site.url(post)
    listed = "".join(
        f'<li id="comment-{post.id}{n}" class="comment even depth-1"><article class="comment-body">'
        f'<b class="fn">{name}</b> <span class="says">گفت:</span><div class="comment-content"><p>'
        f'{text}</p></div><a rel="nofollow" class="comment-reply-link" href="{link}?replytocom='
        f'{post.id}{n}#respond">پاسخ</a></article></li>'
        for n, (name, text) in enumerate(post.comments)
    )
    shown = f'<ol class="comment-list">{listed}</ol>' if listed else ""
    return f"""<div id="comments" class="comments-area">{shown}
<div id="respond" class="comment-respond">
<h3 id="reply-title" class="comment-reply-title">{REPLY} <small><a rel="nofollow" \
id="cancel-comment-reply-link" href="{link}#respond" style="display:none;">{CANCEL}</a></small></h3>
<form action="{site.home}/wp-comments-post.php" method="post" id="commentform" \
class="comment-form"><p class="comment-notes"><span id="email-notes">{NOT_SHOWN}</span> <span \
class="required-field-message">{REQUIRED} <span class="required">*</span></span></p>
<p class="comment-form-comment"><label>دیدگاه <span class="required">*</span></label> \
<textarea id="comment" name="comment" cols="45" rows="8" required></textarea></p>
<p class="comment-form-author"><label for="author">نام <span class="required">*</span></label> \
<input id="author" name="author" type="text"></p>
<p class="comment-form-email"><label for="email">ایمیل <span class="required">*</span></label> \
<input id="email" name="email" type="email"></p>
<p class="comment-form-url"><label for="url">وب‌ سایت</label> <input id="url" name="url"></p>
<p class="comment-form-cookies-consent"><input type="checkbox"><label>{REMEMBER}</label></p>
<p class="cptch_block"><span class="cptch_wrap cptch_math_actions"><label class="cptch_label">\
{captcha_sum(post)} <input type="text" name="cptch_number"></label></span></p>
<p class="form-submit"><input name="submit" type="submit" class="submit" value="{SEND}"></p>
</form></div></div>"""
