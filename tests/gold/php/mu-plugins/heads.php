<?php
/**
 * What SEO plugins write into <head>, each after its own manner; the look's `seo` names one.
 *
 * yoast       Yoast SEO: Open Graph and one JSON-LD @graph
 * rankmath    Rank Math: Open Graph, JSON-LD NewsArticle with a Jalali date if the look says so
 * aioseo      All in One SEO: BlogPosting, no Open Graph date
 * publisher   Publisher (BetterStudio): a list of JSON-LD objects
 * opengraph   Open Graph alone
 */

namespace Gold;

function facts(): array {
	$post = get_post();
	return array(
		'url'       => get_permalink( $post ),
		'title'     => wp_strip_all_tags( get_the_title( $post ) ),
		'site'      => get_bloginfo( 'name' ),
		'published' => look( 'machine_date' ) ?? mysql2date( DATE_W3C, $post->post_date_gmt . '+00:00', false ),
		'author'    => get_the_author_meta( 'display_name', (int) $post->post_author ),
		'section'   => get_the_category( $post->ID )[0]->name ?? '',
		'tags'      => wp_get_post_terms( $post->ID, 'post_tag', array( 'fields' => 'names' ) ),
		'excerpt'   => wp_strip_all_tags( $post->post_excerpt ),
	);
}

function head(): void {
	$seo = look( 'seo' );
	if ( null === $seo || ! is_singular( 'post' ) ) {
		return;
	}
	$facts = facts();
	if ( 'aioseo' !== $seo ) {
		open_graph( $facts );
	}
	if ( 'opengraph' !== $seo ) {
		$graph = call_user_func( "Gold\\{$seo}", $facts );
		$flags = JSON_UNESCAPED_SLASHES | ( 'rankmath' === $seo ? JSON_UNESCAPED_UNICODE : 0 );
		echo '<script type="application/ld+json" class="', $seo, '-schema">', wp_json_encode( $graph, $flags ), "</script>\n";
	}
}
add_action( 'wp_head', 'Gold\head', 2 );

function open_graph( array $facts ): void {
	$properties = array(
		'og:locale'              => 'fa_IR',
		'og:type'                => 'article',
		'og:title'               => "{$facts['title']} - {$facts['site']}",
		'og:url'                 => $facts['url'],
		'og:site_name'           => $facts['site'],
		'og:description'         => $facts['excerpt'],
		'article:published_time' => $facts['published'],
		'article:section'        => $facts['section'],
	);
	foreach ( array_filter( $properties ) as $name => $value ) {
		printf( "<meta property=\"%s\" content=\"%s\" />\n", esc_attr( $name ), esc_attr( $value ) );
	}
	foreach ( $facts['tags'] as $tag ) {
		printf( "<meta property=\"article:tag\" content=\"%s\" />\n", esc_attr( $tag ) );
	}
}

function article( string $type, array $facts ): array {
	return array(
		'@type'            => $type,
		'headline'         => $facts['title'],
		'datePublished'    => $facts['published'],
		'dateModified'     => $facts['published'],
		'author'           => array( '@type' => 'Person', 'name' => $facts['author'] ),
		'articleSection'   => $facts['section'],
		'mainEntityOfPage' => $facts['url'],
		'inLanguage'       => 'fa-IR',
	);
}

function yoast( array $facts ): array {
	$root = home_url( '/' );
	$post = article( 'Article', $facts );
	$post['@id']            = $facts['url'] . '#article';
	$post['author']         = array( 'name' => $facts['author'], '@id' => "{$root}#/schema/person/1" );
	$post['articleSection'] = array( $facts['section'] );
	$post['keywords']       = $facts['tags'];
	$page                   = array(
		'@type'         => 'WebPage',
		'@id'           => $facts['url'],
		'url'           => $facts['url'],
		'name'          => "{$facts['title']} - {$facts['site']}",
		'datePublished' => $facts['published'],
		'breadcrumb'    => array( '@id' => $facts['url'] . '#breadcrumb' ),
	);
	$person                 = array( '@type' => 'Person', '@id' => "{$root}#/schema/person/1", 'name' => $facts['author'] );
	$site                   = array( '@type' => 'WebSite', '@id' => "{$root}#website", 'url' => $root, 'name' => $facts['site'] );
	return array( '@context' => 'https://schema.org', '@graph' => array( $post, $page, $site, $person ) );
}

function rankmath( array $facts ): array {
	$post = article( 'NewsArticle', $facts );
	$post['name']      = $facts['title'];
	$post['publisher'] = array( '@type' => 'NewsMediaOrganization', 'name' => $facts['site'] );
	$site              = array( '@type' => 'WebSite', '@id' => home_url( '/#website' ), 'name' => $facts['site'] );
	return array( '@context' => 'https://schema.org', '@graph' => array( $site, $post ) );
}

function aioseo( array $facts ): array {
	$post          = article( 'BlogPosting', $facts );
	$post['@id']   = $facts['url'] . '#blogposting';
	$post['name']  = "{$facts['title']} - {$facts['site']}";
	$list          = array( '@type' => 'BreadcrumbList', '@id' => $facts['url'] . '#breadcrumblist', 'itemListElement' => array() );
	return array( '@context' => 'https://schema.org', '@graph' => array( $list, $post ) );
}

function publisher( array $facts ): array {
	$organisation = array( '@context' => 'http://schema.org/', '@type' => 'Organization', 'name' => $facts['site'], 'url' => home_url( '/' ) );
	$post         = array( '@context' => 'http://schema.org/' ) + article( 'NewsArticle', $facts );
	return array( $organisation, $post );
}
