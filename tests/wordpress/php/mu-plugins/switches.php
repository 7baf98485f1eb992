<?php
/**
 * What a test may switch on and off, each an option of the database.
 *
 * bed_rest_closed  every REST route answers 401, as the usual plugins make it;
 *                  the home page goes on naming the REST root in its Link header
 * bed_reports      the public post type "gozaresh" exists and carries news
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
