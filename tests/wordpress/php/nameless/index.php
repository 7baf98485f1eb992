<?php
/** Every page: the posts' with all parts, a list of links else. */

namespace Nameless;

require_once __DIR__ . '/parts.php';

$nameless_plan = plan();
$nameless_menu = '';
foreach ( $nameless_plan['menu'] as $nameless_number => $nameless_word ) {
	$nameless_menu .= "<li><a href='/s/$nameless_number/'>$nameless_word</a></li>";
}
$nameless_fresh = posts_linked( get_posts( array( 'numberposts' => 4, 'has_password' => false ) ) );
ob_start();
while ( have_posts() ) {
	the_post();
	echo is_singular() ? box( 'story', parts( 'story' ) ) : box( 'entry', posts_linked( array( get_post() ) ), 'ul' );
}
$nameless_main = ob_get_clean();
for ( $nameless_level = 0; $nameless_level < $nameless_plan['depth']; $nameless_level++ ) {
	$nameless_beside = $nameless_level % 2 ? box( "beside $nameless_level", "<ul>$nameless_fresh</ul>" ) : '';
	$nameless_main   = box( "around $nameless_level", $nameless_main . $nameless_beside );
}
?>
<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="utf-8">
<title><?php echo is_singular() ? get_the_title( get_queried_object() ) . ' | ' : ''; ?><?php echo $nameless_plan['house']; ?></title>
<?php
wp_head();
if ( is_singular() && 'og' === $nameless_plan['schema'] ) {
	printf(
		"<meta property='og:title' content='%s'><meta property='og:site_name' content='%s'><meta property='article:published_time' content='%s'>\n",
		esc_attr( get_the_title() ),
		esc_attr( $nameless_plan['house'] ),
		get_the_date( 'c' )
	);
} elseif ( is_singular() && 'json' === $nameless_plan['schema'] ) {
	$nameless_node = array(
		'@context'      => 'https://schema.org',
		'@type'         => 'NewsArticle',
		'headline'      => get_the_title(),
		'datePublished' => get_the_date( 'c' ),
	);
	echo '<script type="application/ld+json">' . wp_json_encode( $nameless_node ) . "</script>\n";
}
?>
</head>
<body <?php $nameless_plan['body_class'] && body_class(); ?>>
<?php
wp_body_open();
echo box( 'top', box( 'logo', '<a href="/">' . $nameless_plan['house'] . '</a>' ) . box( 'menu', $nameless_menu, 'ul' ) );
echo $nameless_main;
echo box( 'foot', "<p>{$nameless_plan['rights']}</p>" );
wp_footer();
?>
</body>
</html>
