<?php
/** Skins are HTML with {placeholders}: page.html round everything, single.html a post, card.html in a list. */

namespace Newsstand;

add_action(
	'after_setup_theme',
	function () {
		add_theme_support( 'title-tag' );
		add_theme_support( 'post-thumbnails' );
		add_theme_support( 'html5', array( 'comment-form', 'comment-list', 'gallery', 'caption' ) );
	}
);

function skin( string $file ): string {
	$name = \Gold\look( 'skin' ) ?? 'jannah';
	return file_get_contents( __DIR__ . "/skins/{$name}/{$file}.html" );
}

/** What a function prints. */
function printed( callable $print ): string {
	ob_start();
	$print();
	return ob_get_clean();
}

/** The placeholders of the post at hand. */
function of_post(): array {
	$category = get_the_category()[0] ?? null;
	$link     = fn( $post ) => $post instanceof \WP_Post
		? '<a href="' . esc_url( get_permalink( $post ) ) . '">' . get_the_title( $post ) . '</a>' : '';
	return array(
		'{id}'           => get_the_ID(),
		'{url}'          => esc_url( get_permalink() ),
		'{title}'        => get_the_title(),
		'{date}'         => get_the_date(),
		'{datetime}'     => get_the_date( DATE_W3C ),
		'{author}'       => get_the_author(),
		'{author_url}'   => esc_url( get_author_posts_url( (int) get_the_author_meta( 'ID' ) ) ),
		'{category}'     => $category ? $category->name : '',
		'{category_url}' => $category ? esc_url( get_category_link( $category ) ) : '',
		'{excerpt}'      => has_excerpt() ? esc_html( get_post()->post_excerpt ) : '',
		'{tags}'         => get_the_tag_list( '', ' ' ) ?: '',
		'{thumbnail}'    => get_the_post_thumbnail( null, 'full' ),
		'{prev}'         => $link( get_adjacent_post( false, '', true ) ),
		'{next}'         => $link( get_adjacent_post( false, '', false ) ),
		'{post_class}'   => implode( ' ', get_post_class() ),
	);
}

function single(): string {
	the_post();
	$slots = array(
		'{content}'  => printed( 'the_content' ),
		'{pages}'    => wp_link_pages( array( 'echo' => 0 ) ),
		'{above}'    => \Gold\pieces( 'above' ),
		'{below}'    => \Gold\pieces( 'below' ),
		'{comments}' => printed( 'comments_template' ),
	);
	$html = skin( 'single' );
	if ( ! has_excerpt() ) {
		$html = preg_replace( '/^.*\{excerpt\}.*\n/m', '', $html );
	}
	return strtr( $html, $slots + of_post() );
}

function cards(): string {
	$html = '<h1 class="page-title">' . get_the_archive_title() . '</h1>';
	while ( have_posts() ) {
		the_post();
		$html .= strtr( skin( 'card' ), of_post() + array( '{teaser}' => get_the_excerpt() ) );
	}
	return $html . get_the_posts_pagination();
}

function lost(): string {
	return '<div class="not-found"><h1>۴۰۴</h1><p>صفحه‌ای که دنبالش بودید پیدا نشد؛ شاید نشانی آن را جابه‌جا کرده‌ایم.</p>'
		. get_search_form( array( 'echo' => false ) ) . '</div>';
}

function page( string $main ): string {
	$slots = array(
		'{lang}'       => get_language_attributes(),
		'{head}'       => printed( 'wp_head' ),
		'{open}'       => printed( 'wp_body_open' ),
		'{foot}'       => printed( 'wp_footer' ),
		'{body_class}' => implode( ' ', get_body_class() ),
		'{main}'       => $main,
		'{home}'       => esc_url( home_url( '/' ) ),
		'{site}'       => get_bloginfo( 'name' ),
		'{tagline}'    => get_bloginfo( 'description' ),
		'{menu}'       => wp_list_categories( array( 'echo' => 0, 'title_li' => '', 'hierarchical' => false ) ),
		'{sidebar}'    => strtr( \Gold\pieces( 'side' ), array() ),
	);
	return strtr( skin( 'page' ), $slots );
}
