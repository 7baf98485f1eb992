<?php
/** Every page of the theme. */

namespace Newsstand;

echo page( is_404() ? lost() : ( is_singular() ? single() : cards() ) );
