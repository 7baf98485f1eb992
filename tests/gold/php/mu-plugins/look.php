<?php
/**
 * How a page is to look: the request says so in its header Gold-Look.
 *
 * It is base64 of JSON; tests/gold/look.py says what its keys mean. So one
 * WordPress shows the same post in every theme and with any boilerplate, and
 * nothing of it is stored.
 */

namespace Gold;

register_theme_directory( dirname( __DIR__ ) . '/themes' );

/** A key of the look; null when the request has none. */
function look( string $key ) {
	static $look = null;
	if ( null === $look ) {
		$header = $_SERVER['HTTP_GOLD_LOOK'] ?? '';
		$look   = json_decode( base64_decode( $header ) ?: '{}', true ) ?? array();
	}
	return $look[ $key ] ?? null;
}

function theme( $stored ) {
	return look( 'theme' ) ?? $stored;
}
add_filter( 'pre_option_template', 'Gold\theme' );
add_filter( 'pre_option_stylesheet', 'Gold\theme' );
add_filter( 'pre_option_template_root', fn( $stored ) => root() ?? $stored );
add_filter( 'pre_option_stylesheet_root', fn( $stored ) => root() ?? $stored );

/** Our own theme lies beside this folder, WordPress's in its usual place. */
function root(): ?string {
	$theme = look( 'theme' );
	if ( null === $theme ) {
		return null;
	}
	return 'newsstand' === $theme ? dirname( __DIR__ ) . '/themes' : '/themes';
}

add_filter( 'pre_option_blogname', fn( $stored ) => look( 'site' ) ?? $stored );
add_filter( 'pre_option_blogdescription', fn( $stored ) => look( 'tagline' ) ?? $stored );
