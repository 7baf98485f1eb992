<?php
/** Settings of the test bed's WordPress; no network, no cron, no updates. */

define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:@folder@/run/mariadb.sock' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );

define( 'WP_HOME', 'http://127.0.0.1:@port@@path@' );
define( 'WP_SITEURL', 'http://127.0.0.1:@port@@path@' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_POST_REVISIONS', false );

foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $salted ) {
	define( "{$salted}_KEY", 'a test bed keeps no secrets' );
	define( "{$salted}_SALT", 'a test bed keeps no secrets' );
}

$table_prefix = 'wp_';

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', '@folder@/site/' );
}
require_once ABSPATH . 'wp-settings.php';
