<?php
/**
 * What a test may switch on and off, each an option of the database.
 *
 * bed_rest_closed     every REST route answers 401, as the usual plugins make it;
 *                     the home page goes on naming the REST root in its Link header
 * bed_sitemap_closed  WordPress's sitemaps answer 404, and robots.txt names none
 * bed_feed_closed     every feed answers 404
 * bed_page_cap        a REST listing page has so many posts at most; more is refused (400)
 * bed_silent_cap      the same, but more is silently cut
 * bed_reports         the public post type "gozaresh" exists and carries news
 * bed_jalali          addresses have Jalali dates (jalali.php)
 * bed_noise           no page is the same twice (noise.php)
 * bed_trouble         the name of a bad night (trouble.php)
 */

namespace Bed;

add_filter(
	'rest_authentication_errors',
	function ( $result ) {
		if ( ! get_option( 'bed_rest_closed' ) || is_user_logged_in() ) {
			return $result;
		}
		$message = 'تنها کاربران واردشده به این بخش راه دارند.';
		return new \WP_Error( 'rest_not_logged_in', $message, array( 'status' => 401 ) );
	}
);

add_filter( 'wp_sitemaps_enabled', fn( $on ) => $on && ! get_option( 'bed_sitemap_closed' ) );

add_action(
	'template_redirect',
	function () {
		if ( is_feed() && get_option( 'bed_feed_closed' ) ) {
			wp_die( 'این سایت خوراک ندارد.', '', array( 'response' => 404 ) );
		}
	},
	0
);

function cap_page( array $parameters ): array {
	$cap = (int) get_option( 'bed_page_cap' );
	if ( $cap ) {
		$parameters['per_page'] = array_merge(
			$parameters['per_page'],
			array( 'maximum' => $cap, 'default' => $cap )
		);
	}
	return $parameters;
}

function cut_page( array $query ): array {
	$cap = (int) get_option( 'bed_silent_cap' );
	if ( $cap ) {
		$query['posts_per_page'] = min( $cap, $query['posts_per_page'] );
	}
	return $query;
}

foreach ( array( 'post', 'gozaresh' ) as $kind ) {
	add_filter( "rest_{$kind}_collection_params", 'Bed\cap_page' );
	add_filter( "rest_{$kind}_query", 'Bed\cut_page' );
}

function register_reports(): void {
	if ( ! get_option( 'bed_reports' ) ) {
		return;
	}
	register_post_type(
		'gozaresh',
		array(
			'label'        => 'گزارش‌ها',
			'public'       => true,
			'show_in_rest' => true,
			'has_archive'  => true,
			'rewrite'      => array( 'slug' => 'gozaresh' ),
			'supports'     => array( 'title', 'editor', 'author', 'excerpt', 'comments' ),
			'taxonomies'   => array( 'category', 'post_tag' ),
		)
	);
}
add_action( 'init', 'Bed\register_reports' );
