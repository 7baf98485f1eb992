<?php
/**
 * Dates as Iranian sites print them: the look says the visible text and the
 * `datetime` of <time>, right or wrong, as Jalali plugins of several versions leave them.
 */

namespace Gold;

/** get_the_date() and its kin; DATE_W3C is what themes ask for in `datetime`. */
function date_shown( $shown, $format ) {
	if ( ! is_singular( 'post' ) || null === look( 'date' ) ) {
		return $shown;
	}
	$machine = in_array( $format, array( DATE_W3C, 'c', DATE_ATOM, 'Y-m-d\TH:i:sP' ), true );
	return look( 'date' )[ $machine ? 'attribute' : 'text' ];
}
foreach ( array( 'get_the_date', 'get_the_time', 'get_the_modified_date', 'get_the_modified_time' ) as $hook ) {
	add_filter( $hook, 'Gold\date_shown', 10, 2 );
}
