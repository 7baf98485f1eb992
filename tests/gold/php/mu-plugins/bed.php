<?php
/** What the gold shares with the bed: the newer fa_IR strings, and its switches. */

require __DIR__ . '/../../../wordpress/php/mu-plugins/translation.php';
require __DIR__ . '/../../../wordpress/php/mu-plugins/switches.php';
