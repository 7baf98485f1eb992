<?php
/** The whole database kept beside itself, and brought back: tests undo what they did. */

namespace Bed;

/** {"do":"keep"}: remember every table as it is now. */
function do_keep( array $command ): array {
	return copy_tables( 'wp_', 'kept_' );
}

/** {"do":"restore"}: every table is again as it was when it was kept. */
function do_restore( array $command ): array {
	return copy_tables( 'kept_', 'wp_' );
}

function copy_tables( string $from, string $to ): array {
	global $wpdb;
	$tables = $wpdb->get_col( "SHOW TABLES LIKE '" . $wpdb->esc_like( $from ) . "%'" );
	foreach ( $tables as $table ) {
		$copy = $to . substr( $table, strlen( $from ) );
		$wpdb->query( "CREATE TABLE IF NOT EXISTS `{$copy}` LIKE `{$table}`" );
		$wpdb->query( "TRUNCATE `{$copy}`" );
		$wpdb->query( "INSERT INTO `{$copy}` SELECT * FROM `{$table}`" );
	}
	wp_cache_flush();
	return array( 'tables' => count( $tables ) );
}
