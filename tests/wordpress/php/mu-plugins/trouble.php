<?php
/**
 * Bad nights, by the name in the option bed_trouble.
 *
 * empty       REST lists no post and counts none
 * fifth       REST lists and counts a fifth less
 * html        REST answers 200 with a page instead of JSON
 * arvan       every address answers 200 with a script that is to set a cookie, as ArvanCloud's
 * cloudflare  every address answers 403 with a challenge, as Cloudflare's
 * error       every address answers 500
 * away        every address answers 503
 */

namespace Bed;

function trouble( string $name ): bool {
	return 'cli' !== PHP_SAPI && get_option( 'bed_trouble' ) === $name;
}

function answer( int $status, string $page ): void {
	status_header( $status );
	header( 'Content-Type: text/html; charset=UTF-8' );
	echo "<!DOCTYPE html>\n<html>{$page}</html>\n";
	exit;
}

if ( trouble( 'arvan' ) ) {
	header( 'X-Sid: 6002' );
	answer(
		200,
		'<head><title>Transferring to the website...</title></head><body><script>'
		. 'eval("document.cookie = \'__arcsjs=" + Date.now() + "\'"); setTimeout("location.reload()", 2000);'
		. '</script></body>'
	);
}
if ( trouble( 'cloudflare' ) ) {
	header( 'cf-mitigated: challenge' );
	header( 'cf-ray: 0000000000000000-FRA' );
	answer(
		403,
		'<head><title>Just a moment...</title></head><body>'
		. '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body>'
	);
}
if ( trouble( 'error' ) ) {
	answer( 500, '<head><title>خطا</title></head><body><h1>خطا در برقراری ارتباط با پایگاه داده</h1></body>' );
}
if ( trouble( 'away' ) ) {
	answer( 503, '<head><title>تعمیر</title></head><body><p>به‌زودی بازمی‌گردیم.</p></body>' );
}

add_filter(
	'rest_pre_serve_request',
	function ( bool $served ): bool {
		if ( trouble( 'html' ) ) {
			answer( 200, '<head><title>نمونه‌شهر</title></head><body><p>صفحه اصلی</p></body>' );
		}
		return $served;
	}
);

add_filter(
	'rest_post_query',
	function ( array $query ): array {
		global $wpdb;
		if ( trouble( 'empty' ) ) {
			$query['post__in'] = array( 0 );
		}
		if ( trouble( 'fifth' ) ) {
			$query['post__not_in'] = $wpdb->get_col( "SELECT ID FROM {$wpdb->posts} WHERE ID % 5 = 0" );
		}
		return $query;
	}
);
