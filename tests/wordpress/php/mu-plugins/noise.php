<?php
/**
 * Themes and plugins that make no page the same twice: how often it was read, a nonce, the number
 * of comments, other posts drawn by lot, how long the page took.
 */

namespace Bed;

function noisy(): bool {
	return (bool) get_option( 'bed_noise' );
}

/** A counter like Post Views Counter's, which counts this very view. */
function views( string $content ): string {
	if ( ! noisy() || ! is_singular() ) {
		return $content;
	}
	$id = (int) get_the_ID();
	return sprintf(
		'<div class="post-views content-post post-%d entry-meta"><span class="post-views-icon dashicons'
		. ' dashicons-chart-bar"></span> <span class="post-views-label">بازدید:</span>'
		. ' <span class="post-views-count">%s</span></div>',
		$id,
		number_format( wp_rand( 100, 99999 ) )
	) . $content;
}
add_filter( 'the_content', 'Bed\views', 50 );

add_filter( 'get_comments_number', fn( $number ) => noisy() ? $number + wp_rand( 0, 40 ) : $number );

/** The most read, by lot, in a box of the footer. */
function popular(): void {
	if ( ! noisy() ) {
		return;
	}
	$drawn = get_posts( array( 'orderby' => 'rand', 'numberposts' => 5, 'has_password' => false ) );
	echo '<aside id="sidebar" class="sidebar"><div class="widget popular-posts"><h3 class="widget-title">پربازدیدترین‌ها</h3><ul>';
	foreach ( $drawn as $post ) {
		printf(
			'<li><a href="%s">%s</a> <span class="date">%d دقیقه پیش</span></li>',
			esc_url( get_permalink( $post ) ),
			esc_html( get_the_title( $post ) ),
			wp_rand( 1, 59 )
		);
	}
	echo '</ul></div></aside>';
}
add_action( 'wp_footer', 'Bed\popular', 0 );

function nonce(): void {
	if ( noisy() ) {
		$facts = array( 'ajax' => admin_url( 'admin-ajax.php' ), 'nonce' => wp_generate_password( 10, false ) );
		echo '<script>var theme_facts = ' . wp_json_encode( $facts ) . ";</script>\n";
		printf( "<!-- %.4f seconds, %d -->\n", microtime( true ), wp_rand() );
	}
}
add_action( 'wp_footer', 'Bed\nonce', 99 );
