<?php
/** The parts of a page of a nameless theme; the plan says in which order they stand. */

namespace Nameless;

/** A part by its name in the plan, or the parts in it. */
function part( string $part ): string {
	$function = "Nameless\\part_$part";
	return $function();
}

function parts( string $of ): string {
	return implode( "\n", array_map( 'Nameless\part', plan()[ $of ] ) );
}

function box( string $role, string $inside, string $tag = 'div' ): string {
	return "<$tag" . name( $role ) . ">$inside</$tag>";
}

function posts_linked( array $posts ): string {
	$items = '';
	foreach ( $posts as $post ) {
		$items .= '<li><a href="' . esc_url( get_permalink( $post ) ) . '">' . get_the_title( $post ) . '</a></li>';
	}
	return $items;
}

function part_crumb(): string {
	return box( 'crumb', '<a href="' . home_url( '/' ) . '">' . plan()['menu'][0] . '</a> / ' . get_the_category_list( '، ' ) );
}

function part_headline(): string {
	return box( 'headline', get_the_title(), plan()['headline'] );
}

function part_date(): string {
	return box( 'date', get_the_date(), plan()['date_tag'] );
}

function part_author(): string {
	return box( 'author', '<a href="' . get_author_posts_url( get_the_author_meta( 'ID' ) ) . '">' . get_the_author() . '</a>', 'span' );
}

function part_code(): string {
	return box( 'code', '<span>' . plan()['code'] . ': ' . get_the_ID() . '</span>' );
}

function part_picture(): string {
	return has_post_thumbnail() ? box( 'picture', get_the_post_thumbnail( null, 'full', array( 'class' => word( 'image' ) ) ) ) : '';
}

/** A hand-written excerpt is the lead. */
function part_lead(): string {
	return has_excerpt() && ! post_password_required() ? box( 'lead', esc_html( get_post()->post_excerpt ) ) : '';
}

/** The theme's own parts behind the first paragraphs, as advertisements are set. */
function between( string $text ): string {
	$paragraphs = preg_split( '#(?<=</p>)#', $text );
	foreach ( plan()['between'] as $number => $part ) {
		if ( count( $paragraphs ) > $number + 3 ) {
			$paragraphs[ $number ] .= part( $part );
		}
	}
	return implode( '', $paragraphs );
}

function part_text(): string {
	ob_start();
	the_content();
	$text = parts( 'above' ) . between( ob_get_clean() ) . parts( 'below' );
	if ( plan()['bare'] ) {
		return $text;
	}
	$text = box( 'text', $text );
	for ( $level = 0; $level < plan()['inner']; $level++ ) {
		$text = box( "wrap $level", $text );
	}
	return $text;
}

function part_pages(): string {
	return wp_link_pages( array( 'before' => '<div' . name( 'pages' ) . '>', 'after' => '</div>', 'echo' => false ) );
}

function part_share(): string {
	$address = rawurlencode( get_permalink() );
	$links   = '';
	foreach ( array( '۱', '۲', '۳' ) as $number ) {
		$links .= "<a href='https://peyk.example/s$number?u=$address'><i>$number</i></a>";
	}
	return box( 'share', '<b>' . plan()['share'] . "</b> $links" );
}

function part_tags(): string {
	return box( 'tags', (string) get_the_tag_list( '', ' ' ) );
}

function part_about(): string {
	$id = (int) get_post()->post_author;
	return box(
		'about',
		'<b>' . get_the_author() . '</b><p>' . esc_html( get_the_author_meta( 'description', $id ) ) . '</p>'
		. '<a href="' . get_author_posts_url( $id ) . '">' . plan()['more'] . '</a>'
	);
}

function part_related(): string {
	return box( 'related', '<b>' . plan()['related'] . '</b><ul>' . posts_linked( \Bed\related_posts( get_the_ID() ) ) . '</ul>' );
}

/** One of the related posts, set into the text. */
function part_aside(): string {
	$others = \Bed\related_posts( get_the_ID() );
	$links  = $others ? '<a href="' . esc_url( get_permalink( $others[0] ) ) . '">' . get_the_title( $others[0] ) . '</a>' : '';
	return $links ? box( 'aside', plan()['aside'] . ": $links" ) : '';
}

function part_advert(): string {
	$adverts = plan()['adverts'];
	return box( 'advert', '<p>' . $adverts[ get_the_ID() % count( $adverts ) ] . '</p>' );
}

function part_readers(): string {
	$said = '';
	foreach ( get_comments( array( 'post_id' => get_the_ID(), 'status' => 'approve', 'order' => 'ASC' ) ) as $comment ) {
		$said .= box( 'reader', '<i>' . esc_html( $comment->comment_author ) . '</i><p>' . esc_html( $comment->comment_content ) . '</p>' );
	}
	return box( 'readers', $said );
}

function part_form(): string {
	$fields = '';
	foreach ( plan()['fields'] as $number => $label ) {
		$fields .= "<label>$label</label><input name='f$number'>";
	}
	return box(
		'form',
		'<b>' . plan()['ask'] . "</b><form action='" . site_url( '/wp-comments-post.php' ) . "' method='post'>$fields<button>"
		. plan()['send'] . '</button></form>'
	);
}

function part_house_line(): string {
	return box( 'house line', '<p>' . plan()['advert'] . '</p>' );
}

function part_neighbours(): string {
	$links = '';
	foreach ( array( get_previous_post(), get_next_post() ) as $post ) {
		$links .= $post ? '<a href="' . get_permalink( $post ) . '">' . get_the_title( $post ) . '</a> ' : '';
	}
	return box( 'neighbours', $links );
}
