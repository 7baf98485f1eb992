<?php
/** A shop beside the newspaper, after WooCommerce's post type: its products are no articles. */

namespace Gold;

add_action(
	'init',
	fn() => register_post_type(
		'product',
		array(
			'public'   => true,
			'supports' => array( 'title', 'editor', 'excerpt', 'comments' ),
			'rewrite'  => array( 'slug' => 'product' ),
		)
	)
);
