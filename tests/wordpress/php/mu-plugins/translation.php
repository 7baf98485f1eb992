<?php
/**
 * The strings of WordPress's newer fa_IR translation.
 *
 * Debian's package carries an older one for core and none for the themes, so a
 * real site says «دیدگاهتان را بنویسید» where the package says «پاسخ دهید».
 */

namespace Bed;

const TRANSLATED = array(
	'Leave a Reply'                                => 'دیدگاهتان را بنویسید',
	'Leave a comment'                              => 'دیدگاهتان را بنویسید',
	'Reply'                                        => 'پاسخ',
	'Reply to %s'                                  => 'پاسخ دادن به %s',
	'Leave a Reply to %s'                          => 'پاسخی به %s بنویسید',
	'Cancel reply'                                 => 'لغو پاسخ',
	'Your email address will not be published.'    => 'نشانی ایمیل شما منتشر نخواهد شد.',
	'Required fields are marked %s'                => 'بخش‌های موردنیاز علامت‌گذاری شده‌اند %s',
	'Comment'                                      => 'دیدگاه',
	'Name'                                         => 'نام',
	'Email'                                        => 'ایمیل',
	'Website'                                      => 'وب‌ سایت',
	'Post Comment'                                 => 'فرستادن دیدگاه',
	'Save my name, email, and website in this browser for the next time I comment.'
		=> 'ذخیره نام، ایمیل و وبسایت من در مرورگر برای زمانی که دوباره دیدگاهی می‌نویسم.',
	'%s <span class="says">says:</span>'           => '%s <span class="says">گفت:</span>',
	'Older comments'                               => 'دیدگاه‌های کهنه‌تر',
	'Newer comments'                               => 'دیدگاه‌های تازه‌تر',
	'Skip to content'                              => 'رفتن به محتوا',
	'Previous post'                                => 'نوشتهٔ پیشین',
	'Next post'                                    => 'نوشتهٔ بعدی',
	'Post navigation'                              => 'راهبری نوشته',
	'Recent Posts'                                 => 'آخرین نوشته‌ها',
	'Recent Comments'                              => 'آخرین دیدگاه‌ها',
	'Archives'                                     => 'بایگانی',
	'Categories'                                   => 'دسته‌ها',
	'Search'                                       => 'جستجو',
	'Continue reading %s'                          => 'ادامه خواندن %s',
	'Published %s'                                 => 'منتشر شده در %s',
	'By %s'                                        => 'به قلم %s',
	'Categorized as %s'                            => 'دسته‌بندی شده در %s',
	'Tagged %s'                                    => 'برچسب‌ها: %s',
	'Proudly powered by %s.'                       => 'با نیروی %s.',
	'View all of %s\'s posts.'                     => 'همه نوشته‌های %s را ببینید.',
	'1 comment'                                    => '۱ دیدگاه',
	'%s comment'                                   => '%s دیدگاه',
	'%s comments'                                  => '%s دیدگاه',
	'One response to &ldquo;%s&rdquo;'             => 'یک پاسخ به «%s»',
);

function translate( string $translation, string $text ): string {
	return TRANSLATED[ $text ] ?? $translation;
}

function translate_number( string $translation, string $single, string $plural, $number ): string {
	return TRANSLATED[ 1 === (int) $number ? $single : $plural ] ?? $translation;
}

add_filter( 'gettext', 'Bed\translate', 10, 2 );
add_filter( 'gettext_with_context', 'Bed\translate', 10, 2 );
add_filter( 'ngettext', 'Bed\translate_number', 10, 4 );
add_filter( 'ngettext_with_context', 'Bed\translate_number', 10, 4 );
