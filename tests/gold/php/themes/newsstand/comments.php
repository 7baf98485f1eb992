<?php
/** Readers' comments and the form, as most themes print them. */

?>
<div id="comments" class="comments-area">
<?php if ( have_comments() ) : ?>
	<div class="block-head"><h3 id="comments-title" class="comments-title"><?php echo get_comments_number_text(); ?></h3></div>
	<ol class="comment-list"><?php wp_list_comments( array( 'style' => 'ol' ) ); ?></ol>
<?php endif; ?>
	<div id="add-comment-block" class="container-wrapper"><?php comment_form(); ?></div>
</div>
