<?php
/**
 * Boilerplate: pieces/*.html hold the mark-up, the look says which piece stands where.
 *
 * top, middle and bottom are inside the content, as plugins filter it; above and
 * below are round it; form is in the comment form, side in our theme's sidebar, foot before
 * </body>.
 */

namespace Gold;

/** The mark-up of every piece by name; a piece begins with <!-- piece NAME: plugin; places -->. */
function catalogue(): array {
	static $pieces = null;
	if ( null === $pieces ) {
		$pieces = array();
		foreach ( glob( dirname( __DIR__, 2 ) . '/pieces/*.html' ) as $file ) {
			$parts = preg_split( '/^<!-- piece (\S+):.*-->\n/m', file_get_contents( $file ), -1, PREG_SPLIT_DELIM_CAPTURE );
			foreach ( array_chunk( array_slice( $parts, 1 ), 2 ) as list( $name, $html ) ) {
				$pieces[ $name ] = $html;
			}
		}
	}
	return $pieces;
}

/** What stands at a place, one piece after the other. */
function pieces( string $place ): string {
	$html = '';
	foreach ( look( 'pieces' )[ $place ] ?? array() as $name ) {
		$html .= catalogue()[ $name ];
	}
	return strtr( $html, fillings() );
}

function fillings(): array {
	$url      = (string) get_permalink();
	$fillings = array(
		'{url}'       => esc_url( $url ),
		'{share}'     => rawurlencode( $url ),
		'{title}'     => esc_html( get_the_title() ),
		'{shortlink}' => esc_url( wp_get_shortlink() ),
	);
	foreach ( look( 'fillings' ) ?? array() as $key => $text ) {
		$fillings[ "{{$key}}" ] = esc_html( $text );
	}
	return $fillings;
}

/** Plugins that filter the content do it after paragraphs are made (wpautop is at 10). */
function furnish( string $content ): string {
	if ( ! is_singular( 'post' ) ) {
		return $content;
	}
	return lead() . pieces( 'top' ) . amid( $content, pieces( 'middle' ) ) . pieces( 'bottom' );
}
add_filter( 'the_content', 'Gold\furnish', 30 );

/** Some themes print the excerpt as the lead within the content. */
function lead(): string {
	$class = look( 'lead_class' );
	return $class && has_excerpt() ? "<p class=\"{$class}\">" . esc_html( get_post()->post_excerpt ) . "</p>\n" : '';
}

/** After the second paragraph, or the second pair of line breaks where there are none. */
function amid( string $content, string $html ): string {
	foreach ( array( '</p>', '<br /><br />' ) as $end ) {
		$parts = explode( $end, $content, 3 );
		if ( $html && 3 === count( $parts ) ) {
			return $parts[0] . $end . $parts[1] . $end . "\n" . $html . $parts[2];
		}
	}
	return $content . $html;
}

/** A block theme has no loop to hook into. */
function around_block( string $html ): string {
	return is_singular( 'post' ) ? pieces( 'above' ) . $html . pieces( 'below' ) : $html;
}
add_filter( 'render_block_core/post-content', 'Gold\around_block' );

function around_loop( string $place ): void {
	if ( is_singular( 'post' ) && in_the_loop_of_theme() ) {
		echo pieces( $place );
	}
}
add_action( 'loop_start', fn( $query ) => $query->is_main_query() && around_loop( 'above' ) );
add_action( 'loop_end', fn( $query ) => $query->is_main_query() && around_loop( 'below' ) );

/** Skins of our own theme and block themes have places of their own for these two. */
function in_the_loop_of_theme(): bool {
	return 'twentytwentyone' === look( 'theme' );
}

add_action( 'comment_form_after_fields', function () { echo pieces( 'form' ); } );
add_action( 'wp_footer', function () { echo pieces( 'foot' ); }, 1 );
