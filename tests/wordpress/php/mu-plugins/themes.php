<?php
/** Themes of a test's own: whatever lies in the bed's folder "themes". */

namespace Bed;

function own_themes(): void {
	$folder = dirname( ABSPATH ) . '/themes';
	if ( is_dir( $folder ) ) {
		register_theme_directory( $folder );
	}
}
add_action( 'plugins_loaded', 'Bed\own_themes' );
