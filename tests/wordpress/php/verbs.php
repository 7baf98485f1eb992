<?php
/** The verbs of the newsdesk: each takes its command and answers with an array. */

namespace Bed;

/** Seeding without what only slows it down: pings, revisions, a count after every post. */
function open_desk(): void {
	global $wpdb;
	if ( ! wp_installing() ) {
		wp_set_current_user( 1 ); // else KSES strips style and dir
	}
	remove_action( 'publish_post', '_publish_post_hook', 5 );
	remove_action( 'post_updated', 'wp_save_post_revision' );
	add_filter( 'wp_insert_post_data', 'Bed\by_our_clock', 10, 2 );
	wp_defer_term_counting( true );
	wp_defer_comment_counting( true );
	$wpdb->query( 'SET autocommit = 0' );
}

function close_desk(): void {
	global $wpdb;
	wp_defer_comment_counting( false );
	wp_defer_term_counting( false );
	$wpdb->query( 'COMMIT' );
}

/**
 * wp_insert_post() takes no post_modified, and what is dated after the machine's own time is no
 * present to it.
 */
function by_our_clock( array $data, array $given ): array {
	if ( ! empty( $given['bed_modified'] ) ) {
		$data['post_modified']     = $given['bed_modified'];
		$data['post_modified_gmt'] = get_gmt_from_date( $given['bed_modified'] );
	}
	if ( 'future' === $data['post_status'] && $data['post_date_gmt'] <= gmdate( 'Y-m-d H:i:s', now() ) ) {
		$data['post_status'] = 'publish';
	}
	return $data;
}

function perform( array $command ): array {
	$verb = 'Bed\do_' . $command['do'];
	if ( ! function_exists( $verb ) ) {
		throw new \InvalidArgumentException( "no such verb: {$command['do']}" );
	}
	return $verb( $command );
}

/** {"do":"install", title, tagline, permalinks, options} */
function do_install( array $command ): array {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	wp_install( $command['title'], 'bed', 'bed@localhost.invalid', true, '', 'bed', 'fa_IR' );
	foreach ( $command['options'] as $name => $value ) {
		update_option( $name, $value );
	}
	update_option( 'blogdescription', $command['tagline'] );
	wp_set_current_user( 1 );
	return array( 'installed' => get_option( 'home' ) );
}

/** {"do":"option", name, value} */
function do_option( array $command ): array {
	update_option( $command['name'], $command['value'] );
	return array();
}

/** {"do":"reports", on}: the post type gozaresh appears or goes, with its addresses. */
function do_reports( array $command ): array {
	update_option( 'bed_reports', $command['on'] );
	$command['on'] ? register_reports() : unregister_post_type( 'gozaresh' );
	flush_rewrite_rules( false );
	return array();
}

/** {"do":"permalinks", structure}: "" is WordPress's plain ?p=ID. */
function do_permalinks( array $command ): array {
	global $wp_rewrite;
	$wp_rewrite->set_permalink_structure( $command['structure'] );
	// What registered while addresses were plain has no rules of its own yet.
	create_initial_taxonomies();
	register_reports();
	flush_rewrite_rules( false );
	return array();
}

/** {"do":"theme", name} */
function do_theme( array $command ): array {
	search_theme_directories( true ); // it may have been installed since
	$theme = wp_get_theme( $command['name'] );
	if ( ! $theme->exists() ) {
		throw new \InvalidArgumentException( "no such theme: {$command['name']}" );
	}
	switch_theme( $command['name'] );
	return array();
}

/** {"do":"user", login, name, about} */
function do_user( array $command ): array {
	$user = wp_insert_user(
		array(
			'user_login'   => $command['login'],
			'user_pass'    => $command['login'],
			'user_email'   => "{$command['login']}@localhost.invalid",
			'display_name' => $command['name'],
			'description'  => $command['about'],
			'role'         => 'author',
		)
	);
	return array( 'id' => sound( $user ) );
}

/** {"do":"category", name, slug} */
function do_category( array $command ): array {
	$term = wp_insert_term( $command['name'], 'category', array( 'slug' => $command['slug'] ) );
	return array( 'id' => sound( $term )['term_id'] );
}

/** {"do":"post", title, content, date, status, author, …}: a post, page or gozaresh. */
function do_post( array $command ): array {
	$author = get_user_by( 'login', $command['author'] );
	$fields = array(
		'post_title'    => $command['title'],
		'post_content'  => $command['content'],
		'post_excerpt'  => $command['excerpt'] ?? '',
		'post_date'     => $command['date'],
		'bed_modified'  => $command['modified'] ?? $command['date'],
		'post_status'   => $command['status'] ?? 'publish',
		'post_type'     => $command['type'] ?? 'post',
		'post_name'     => $command['slug'] ?? '',
		'post_password' => $command['password'] ?? '',
		'post_author'   => $author->ID,
		'tags_input'    => $command['tags'] ?? array(),
		'post_category' => categories( $command['categories'] ?? array() ),
	);
	$id = sound( wp_insert_post( wp_slash( $fields ), true ) );
	if ( $command['sticky'] ?? false ) {
		stick_post( $id );
	}
	if ( isset( $command['thumbnail'] ) ) {
		update_post_meta( $id, '_thumbnail_id', $command['thumbnail'] );
	}
	comment_on( $id, $command['comments'] ?? array() );
	return array( 'id' => $id );
}

/** {"do":"attachment", title, caption, date, file, width, height, author}: file is below uploads. */
function do_attachment( array $command ): array {
	$fields = array(
		'post_title'     => $command['title'],
		'post_excerpt'   => $command['caption'],
		'post_date'      => $command['date'],
		'post_author'    => get_user_by( 'login', $command['author'] )->ID,
		'post_mime_type' => 'image/png',
	);
	$file = wp_upload_dir()['basedir'] . '/' . $command['file'];
	$id   = sound( wp_insert_attachment( wp_slash( $fields ), $file, 0, true ) );
	$size = array_intersect_key( $command, array_flip( array( 'file', 'width', 'height' ) ) );
	wp_update_attachment_metadata( $id, $size );
	return array( 'id' => $id, 'url' => wp_get_attachment_url( $id ) );
}

/** {"do":"edit", id, title?, content?, excerpt?, slug?, status?, modified?}: moves `modified`. */
function do_edit( array $command ): array {
	$names  = array( 'title', 'content', 'excerpt', 'status', 'date' );
	$fields = array(
		'ID'           => $command['id'],
		'bed_modified' => $command['modified'] ?? wp_date( 'Y-m-d H:i:s', now() ),
		'edit_date'    => isset( $command['date'] ),
	);
	foreach ( array_intersect( $names, array_keys( $command ) ) as $name ) {
		$fields[ "post_{$name}" ] = $command[ $name ];
	}
	if ( isset( $command['slug'] ) ) {
		$fields['post_name'] = $command['slug'];
	}
	sound( wp_update_post( wp_slash( $fields ), true ) );
	return array( 'id' => $command['id'] );
}

/** {"do":"set", id, column: value…}: by SQL, behind WordPress's back (silent edits). */
function do_set( array $command ): array {
	global $wpdb;
	$id = $command['id'];
	unset( $command['do'], $command['id'] );
	$wpdb->update( $wpdb->posts, $command, array( 'ID' => $id ) );
	clean_post_cache( $id );
	return array( 'id' => $id );
}

/** {"do":"sql", query}: any statement, behind WordPress's back; the caller corrects the truth. */
function do_sql( array $command ): array {
	global $wpdb;
	$rows = $wpdb->query( $command['query'] );
	if ( false === $rows ) {
		throw new \RuntimeException( $wpdb->last_error );
	}
	return array( 'rows' => $rows );
}

/** {"do":"publish", id}: a scheduled post goes live; like cron's, this moves no `modified`. */
function do_publish( array $command ): array {
	wp_publish_post( $command['id'] );
	return array( 'id' => $command['id'] );
}

/** {"do":"trash", id} */
function do_trash( array $command ): array {
	wp_trash_post( $command['id'] );
	return array( 'id' => $command['id'] );
}

/** {"do":"erase", id}: for good, past the trash. */
function do_erase( array $command ): array {
	wp_delete_post( $command['id'], true );
	return array( 'id' => $command['id'] );
}

/** Comments in the order given; `parent` is the place of another in the same list. */
function comment_on( int $post_id, array $comments ): void {
	$ids = array();
	foreach ( $comments as $comment ) {
		$ids[] = wp_insert_comment(
			wp_slash(
				array(
					'comment_post_ID'      => $post_id,
					'comment_author'       => $comment['author'],
					'comment_author_email' => 'reader@localhost.invalid',
					'comment_content'      => $comment['text'],
					'comment_date'         => $comment['date'],
					'comment_parent'       => isset( $comment['parent'] ) ? $ids[ $comment['parent'] ] : 0,
					'comment_approved'     => $comment['approved'] ?? 1,
				)
			)
		);
	}
}

/** Term IDs of category slugs, the first being the main one. */
function categories( array $slugs ): array {
	return array_map( fn( $slug ) => get_category_by_slug( $slug )->term_id, $slugs );
}

/** What WordPress returned, unless it returned an error. */
function sound( $result ) {
	if ( is_wp_error( $result ) ) {
		throw new \RuntimeException( $result->get_error_message() );
	}
	return $result;
}
