<?php
/** Two more verbs for the bed's newsdesk. */

namespace Bed;

/** {"do":"widgets"}: no widgets but those a page's look asks for. */
function do_widgets( array $command ): array {
	update_option( 'sidebars_widgets', array( 'wp_inactive_widgets' => array() ) );
	return array();
}

/** {"do":"shown", id, texts}: a post's address, and words as WordPress shows them. */
function do_shown( array $command ): array {
	$plain = fn( $text ) => trim( preg_replace( '/[\s\x{00A0}]+/u', ' ', wptexturize( $text ) ) );
	return array(
		'id'    => $command['id'],
		'url'   => get_permalink( $command['id'] ),
		'texts' => array_map( $plain, $command['texts'] ),
	);
}
