<?php
/**
 * Addresses by the Iranian calendar, /1404/07/09/slug/, as the usual plugins make them: both
 * calendars' addresses of a post answer 200, and neither leads to the other.
 */

namespace Bed;

const NOWRUZ_1300 = '1921-03-21';

function jalali_addresses(): bool {
	return (bool) get_option( 'bed_jalali' );
}

/** Leap years come in a cycle of 33 (right from 1244 to 1471). */
function jalali_year_days( int $year ): int {
	return in_array( $year % 33, array( 1, 5, 9, 13, 17, 22, 26, 30 ), true ) ? 366 : 365;
}

/** Days before a month within its year: six of 31, then of 30. */
function jalali_month_start( int $month ): int {
	return $month <= 7 ? 31 * ( $month - 1 ) : 30 * ( $month - 1 ) + 6;
}

/** Year, month and day of a Gregorian "Y-m-d". */
function to_jalali( string $date ): array {
	$from = new \DateTimeImmutable( NOWRUZ_1300 );
	$days = $from->diff( new \DateTimeImmutable( $date ) )->days;
	for ( $year = 1300; $days >= jalali_year_days( $year ); $year++ ) {
		$days -= jalali_year_days( $year );
	}
	for ( $month = 12; jalali_month_start( $month ) > $days; $month-- );
	return array( $year, $month, $days - jalali_month_start( $month ) + 1 );
}

/** A Jalali day as a Gregorian date. */
function to_gregorian( int $year, int $month, int $day ): \DateTimeImmutable {
	$days = jalali_month_start( $month ) + $day - 1;
	for ( $before = 1300; $before < $year; $before++ ) {
		$days += jalali_year_days( $before );
	}
	return ( new \DateTimeImmutable( NOWRUZ_1300 ) )->modify( "+{$days} days" );
}

add_filter(
	'pre_post_link',
	function ( string $structure, \WP_Post $post ): string {
		if ( ! jalali_addresses() || str_starts_with( $post->post_date, '0000' ) ) {
			return $structure;
		}
		list( $year, $month, $day ) = to_jalali( substr( $post->post_date, 0, 10 ) );
		$digits                     = fn( int $number ) => sprintf( '%02d', $number );
		return strtr(
			$structure,
			array( '%year%' => $year, '%monthnum%' => $digits( $month ), '%day%' => $digits( $day ) )
		);
	},
	10,
	2
);

/** What WordPress reads out of an address, with a Jalali day or month as a Gregorian one. */
function read_jalali( array $query ): array {
	$year = (int) ( $query['year'] ?? 0 );
	if ( ! jalali_addresses() || $year < 1300 || $year > 1500 ) {
		return $query;
	}
	$month = (int) ( $query['monthnum'] ?? 0 );
	$day   = (int) ( $query['day'] ?? 0 );
	$first = to_gregorian( $year, $month ?: 1, $day ?: 1 );
	if ( $day ) {
		list( $query['year'], $query['monthnum'], $query['day'] ) = explode( '-', $first->format( 'Y-n-j' ) );
		return $query;
	}
	$next = 12 === ( $month ?: 12 ) ? to_gregorian( $year + 1, 1, 1 ) : to_gregorian( $year, $month + 1, 1 );
	unset( $query['year'], $query['monthnum'] );
	$query['date_query'] = array(
		'after'     => $first->format( 'Y-m-d 00:00:00' ),
		'before'    => $next->modify( '-1 second' )->format( 'Y-m-d H:i:s' ),
		'inclusive' => true,
	);
	return $query;
}
add_filter( 'request', 'Bed\read_jalali' );

add_filter(
	'redirect_canonical',
	fn( $to, $asked ) => jalali_addresses() && is_single() && basename( $to ) === basename( $asked ) ? false : $to,
	10,
	2
);
