<?php
/** The bed's clock (clock.py): so many seconds ahead as its file says, in every answer's Date. */

namespace Bed;

function now(): int {
	$file = dirname( ABSPATH ) . '/clock';
	return time() + ( is_readable( $file ) ? (int) file_get_contents( $file ) : 0 );
}

if ( 'cli' !== PHP_SAPI ) {
	header( 'Date: ' . gmdate( 'D, d M Y H:i:s', now() ) . ' GMT' );
}
