<?php
/**
 * Everything on a page that is not the article, after public mark-up.
 *
 * The class names are those of the plugins and themes named at each function;
 * the code and the sentences between are our own.
 */

namespace Bed;

const SHARE_SENTENCE = 'ارسال از وردپرس به شبکه های اجتماعی ایرانی';
const BACK_TO_TOP    = 'دکمه بازگشت به بالا';
const CAPTCHA        = array( '3', '×', 'پنج', '=' );
const RELATED_TITLE  = 'نوشته های مشابه';
const AUTHOR_TITLE   = 'درباره نویسنده';

/** Persian themes print a hand-written excerpt as the lead above the body. */
function lead( string $content ): string {
	if ( ! is_singular() || ! has_excerpt() || post_password_required() ) {
		return $content;
	}
	return '<p class="lead">' . esc_html( get_post()->post_excerpt ) . "</p>\n" . $content;
}
add_filter( 'the_content', 'Bed\lead', 12 );

/** A share plugin that says its sentence twice, in REST and feeds as well. */
function share( string $content ): string {
	if ( ! in_array( get_post_type(), array( 'post', 'gozaresh' ), true ) ) {
		return $content;
	}
	$address = rawurlencode( (string) get_permalink() );
	$eitaa   = "https://eitaa.com/share/url?url={$address}";
	$bale    = "https://ble.ir/share/url?url={$address}";
	return $content
		. '<p>' . SHARE_SENTENCE . "<br /><a href=\"{$eitaa}\" rel=\"nofollow\"><span class=\"icon-eitaa\"></span></a></p>\n"
		. "<div class=\"iranian-share\"><a href=\"{$bale}\" rel=\"nofollow\">" . SHARE_SENTENCE . "</a></div>\n";
}
add_filter( 'the_content', 'Bed\share', 20 );

/** The posts a related box offers: the newest of the same category. */
function related_posts( int $post_id ): array {
	return get_posts(
		array(
			'category__in' => wp_get_post_categories( $post_id ),
			'post__not_in' => array( $post_id ),
			'has_password' => false,
			'numberposts'  => 3,
			'orderby'      => noisy() ? 'rand' : array( 'date' => 'DESC', 'ID' => 'DESC' ),
		)
	);
}

/** Jannah's related box, on single pages only. */
function related( string $content ): string {
	if ( ! is_singular( array( 'post', 'gozaresh' ) ) ) {
		return $content;
	}
	$items = '';
	foreach ( related_posts( get_the_ID() ) as $other ) {
		$items .= sprintf(
			'<div class="related-item"><h3 class="post-title"><a href="%s">%s</a></h3></div>',
			esc_url( get_permalink( $other ) ),
			get_the_title( $other )
		);
	}
	return $content . '<div id="related-posts" class="container-wrapper has-extra-post">'
		. '<div class="mag-box-title the-global-title"><h3>' . RELATED_TITLE . '</h3></div>'
		. "<div class=\"related-posts-list\">{$items}</div></div>\n";
}
add_filter( 'the_content', 'Bed\related', 30 );

function about_author( int $user_id ): string {
	return (string) get_the_author_meta( 'description', $user_id );
}

/** Jannah's author box, on single pages only. */
function author_box( string $content ): string {
	if ( ! is_singular( array( 'post', 'gozaresh' ) ) ) {
		return $content;
	}
	$author = (int) get_post()->post_author;
	return $content . '<div id="author-box" class="about-author about-author-box container-wrapper">'
		. '<div class="author-info"><h4>' . AUTHOR_TITLE . '</h4>'
		. '<div class="author-bio">' . esc_html( about_author( $author ) ) . "</div></div></div>\n";
}
add_filter( 'the_content', 'Bed\author_box', 40 );

/** BestWebSoft Captcha in the comment form: digits and number words mixed. */
function captcha(): void {
	list( $left, $sign, $right, $equals ) = CAPTCHA;
	echo '<p class="cptch_block"><span class="cptch_wrap cptch_math_actions">'
		. '<label class="cptch_label" for="cptch_input_1">'
		. "<span class=\"cptch_span\">{$left}</span> <span class=\"cptch_span\">{$sign}</span> "
		. "<span class=\"cptch_span\">{$right}</span> <span class=\"cptch_span\">{$equals}</span> "
		. '<span class="cptch_span"><input id="cptch_input_1" class="cptch_input cptch_wp_comments" '
		. 'type="text" autocomplete="off" name="cptch_number" value="" maxlength="2" size="2" /></span>'
		. '</label></span></p>';
}
add_action( 'comment_form_after_fields', 'Bed\captcha' );

/** Jannah wraps the page and leaves its back-to-top words bare in the wrapper. */
function open_wrapper(): void {
	echo '<div id="tie-container" class="site tie-container"><div id="tie-wrapper">';
}
function close_wrapper(): void {
	echo '<a id="go-to-top" class="go-to-top-button" href="#go-to-tie-body">'
		. '<span class="tie-icon-angle-up"></span></a>' . BACK_TO_TOP . '</div></div>';
}
add_action( 'wp_body_open', 'Bed\open_wrapper' );
add_action( 'wp_footer', 'Bed\close_wrapper', 1 );

/** Strings a cleaned article must not hold, for the truth of one post. */
function junk( \WP_Post $post ): array {
	$junk = array(
		get_option( 'blogdescription' ),
		SHARE_SENTENCE,
		RELATED_TITLE,
		AUTHOR_TITLE,
		about_author( (int) $post->post_author ),
		BACK_TO_TOP,
		'دیدگاهتان را بنویسید',
		'نشانی ایمیل شما منتشر نخواهد شد.',
		'بخش‌های موردنیاز علامت‌گذاری شده‌اند',
		'فرستادن دیدگاه',
		implode( ' ', CAPTCHA ),
	);
	foreach ( related_posts( $post->ID ) as $other ) {
		$junk[] = shown( get_the_title( $other ) );
	}
	// Two posts may share a headline; one's own is no junk.
	return array_values( array_diff( $junk, array( title( $post ) ) ) );
}

/** Text as a reader sees it: entities decoded, white space folded (nbsp too). */
function shown( string $html ): string {
	$text = html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	return trim( preg_replace( '/[\s\x{00A0}]+/u', ' ', $text ) );
}
