<?php
/**
 * The newsdesk: commands in, answers out, one JSON object a line.
 *
 *     php desk.php FOLDER/site < commands > answers
 *
 * A command is {"do": VERB, …}; the verbs are the functions of verbs.php.
 * Everything happens in one transaction.
 */

if ( 'cli' !== PHP_SAPI ) {
	http_response_code( 404 );
	exit;
}

// Pluggable, and here before WordPress's own: no mail, no "Hello world!".
function wp_new_blog_notification() {}
function wp_install_defaults() {}

$bed_docroot = rtrim( $argv[1], '/' );
$bed_lines   = array_filter( explode( "\n", stream_get_contents( STDIN ) ) );
$bed_first   = json_decode( reset( $bed_lines ) ?: '{}', true );
if ( 'install' === ( $bed_first['do'] ?? '' ) ) {
	define( 'WP_INSTALLING', true );
}
$_SERVER['HTTP_HOST']       = '127.0.0.1';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

require $bed_docroot . '/wp-load.php';
require __DIR__ . '/verbs.php';
require __DIR__ . '/truth.php';
require __DIR__ . '/snapshot.php';

Bed\open_desk();
foreach ( $bed_lines as $bed_number => $bed_line ) {
	$bed_command = json_decode( $bed_line, true, 64, JSON_THROW_ON_ERROR );
	$bed_answer  = Bed\perform( $bed_command );
	echo json_encode( $bed_answer, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR ), "\n";
	if ( 499 === $bed_number % 500 ) {
		wp_cache_flush();
	}
}
Bed\close_desk();
