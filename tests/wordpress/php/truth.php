<?php
/** What a reader, and so an archive, should see of a post. */

namespace Bed;

/**
 * {"do":"describe", id, texts: {name: [text…]…}}
 *
 * `texts` are the words as they were typed; they come back as they are shown,
 * with the quotes and dashes WordPress curls on the way out.
 */
function do_describe( array $command ): array {
	$post = get_post( $command['id'] );
	if ( null === $post ) {
		return array( 'id' => $command['id'], 'status' => 'erased' );
	}
	$junk = 'post' === $post->post_type || 'gozaresh' === $post->post_type ? junk( $post ) : array();
	return array(
		'id'           => $post->ID,
		'type'         => $post->post_type,
		'status'       => $post->post_status,
		'url'          => get_permalink( $post ),
		'title'        => title( $post ),
		'author'       => get_the_author_meta( 'display_name', (int) $post->post_author ),
		'categories'   => wp_get_post_terms( $post->ID, 'category', array( 'fields' => 'names' ) ),
		'tags'         => wp_get_post_terms( $post->ID, 'post_tag', array( 'fields' => 'names' ) ),
		'date_gmt'     => utc( $post->post_date_gmt ),
		'modified_gmt' => utc( $post->post_modified_gmt ),
		'protected'    => '' !== $post->post_password,
		'sticky'       => is_sticky( $post->ID ),
		'image'        => get_the_post_thumbnail_url( $post, 'full' ) ?: null,
		'comments'     => (int) get_comments_number( $post->ID ),
		'junk'         => $junk,
		'texts'        => (object) array_map( 'Bed\texturised', $command['texts'] ?? array() ),
	);
}

/** The title without the words WordPress puts before a private or protected one. */
function title( \WP_Post $post ): string {
	return shown( apply_filters( 'the_title', $post->post_title, $post->ID ) );
}

function texturised( array $texts ): array {
	return array_map( fn( $text ) => shown( wptexturize( $text ) ), $texts );
}

/** Drafts have no date yet: 0000-00-00 is null. */
function utc( string $date ): ?string {
	return str_starts_with( $date, '0000' ) ? null : str_replace( ' ', 'T', $date ) . 'Z';
}
