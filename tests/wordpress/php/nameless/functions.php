<?php
/**
 * A theme whose names mean nothing, of a house with sentences of its own.
 *
 * What it looks like and says stands in plan.json beside it (tests/themes/installed.py writes it).
 */

namespace Nameless;

function plan(): array {
	static $plan = null;
	return $plan ??= json_decode( file_get_contents( get_stylesheet_directory() . '/plan.json' ), true );
}

/** A word that means nothing, always the same for `$text`. */
function word( string $text ): string {
	$letters = 'bcdfghjklmnpqrtvwxz';
	$digest  = md5( plan()['seed'] . " $text" );
	$word    = '';
	foreach ( str_split( substr( $digest, 0, 2 * ( 3 + hexdec( $digest[31] ) % 3 ) ), 2 ) as $pair ) {
		$word .= $letters[ hexdec( $pair ) % strlen( $letters ) ];
	}
	return $word;
}

/** The attribute of the elements of a role: a class, two, or an ID; none where the plan says so. */
function name( string $role ): string {
	if ( in_array( $role, plan()['unnamed'], true ) ) {
		return '';
	}
	$kind = hexdec( md5( plan()['seed'] . $role )[0] ) % 4;
	$word = word( $role );
	return array( " class='$word'", " class='$word " . word( "$role 2" ) . "'", " class='$word-1'", " id='$word'" )[ $kind ];
}

/** What the house says in each post: before the text, between two paragraphs, behind the last. */
function said( string $content ): string {
	$plan = plan();
	if ( 'post' !== get_post_type() || ( ! $plan['in_rest'] && ! is_singular() ) ) {
		return $content;
	}
	if ( $plan['amid'] ) {
		$parts = preg_split( '#(?<=</p>)#', $content );
		if ( count( $parts ) > 2 ) {
			array_splice( $parts, intdiv( count( $parts ), 2 ), 0, array( "<p>{$plan['amid']}</p>" ) );
			$content = implode( '', $parts );
		}
	}
	if ( $plan['first'] ) {
		$content = "<p>{$plan['first']}</p>\n$content";
	}
	return "$content\n<p>{$plan['last'][ crc32( get_the_ID() ) % count( $plan['last'] ) ]}</p>\n";
}
add_filter( 'the_content', 'Nameless\said', 15 );

/** Without the plugins of the bed, which name what they add. */
function without_plugins(): void {
	foreach ( array( 'share' => 20, 'related' => 30, 'author_box' => 40 ) as $plugin => $priority ) {
		remove_filter( 'the_content', "Bed\\$plugin", $priority );
	}
	remove_action( 'wp_body_open', 'Bed\open_wrapper' );
	remove_action( 'wp_footer', 'Bed\close_wrapper', 1 );
}
if ( ! plan()['plugins'] ) {
	without_plugins();
}
if ( ! plan()['renamed'] ) {
	remove_filter( 'the_content', 'Bed\lead', 12 ); // the lead is one of its own parts
}

/** A build step that gives every class and ID a short name. */
function renamed( string $page ): string {
	return preg_replace_callback(
		'/(?<= )(class|id)=(["\'])(.*?)\2/',
		fn( $found ) => "$found[1]=$found[2]" . implode( ' ', array_map( 'Nameless\word', preg_split( '/\s+/', trim( $found[3] ) ) ) ) . $found[2],
		$page
	);
}
if ( plan()['renamed'] ) {
	add_action( 'template_redirect', fn() => is_singular() && ob_start( 'Nameless\renamed' ) );
}
