package journey

import "parcours/internal/diag"

// The errors of a map. Syntax, unknown keys, wrong kinds of value and missing keys are PT codes of package tomlpos.
const (
	codeRange      diag.Code = "PJ001" // number outside its range
	codeVocabulary diag.Code = "PJ002" // word outside a closed list
	codeEmpty      diag.Code = "PJ003" // empty text
	codeDuplicate  diag.Code = "PJ004" // id used twice
	codeID         diag.Code = "PJ005" // malformed id
	codePlace      diag.Code = "PJ006" // "on" names neither a touchpoint nor a stage
	codePersona    diag.Code = "PJ007" // unknown persona
	codeFriction   diag.Code = "PJ008" // unknown friction
	codeMetric     diag.Code = "PJ009" // unknown metric
	codeEmotion    diag.Code = "PJ010" // emotion without a valence
	codeValence    diag.Code = "PJ011" // one valence for several emotions
	codeChannel    diag.Code = "PJ012" // unknown channel
	codeTeam       diag.Code = "PJ013" // unknown team
	codeDates      diag.Code = "PJ014" // dates of the loop out of order
	codeBothEnds   diag.Code = "PJ015" // dropped and resolved
	codeDuration   diag.Code = "PJ016" // malformed duration
	codeScale      diag.Code = "PJ017" // malformed scale
	codeFeeling    diag.Code = "PJ018" // two feelings of one persona at one touchpoint
	codeDeclared   diag.Code = "PJ019" // channel or emotion declared twice
	codeNeeded     diag.Code = "PJ020" // key needed by another one
	codeSameMap    diag.Code = "PJ021" // two maps with one id
	codeFile       diag.Code = "PJ022" // unreadable file or malformed glob
	codeFilter     diag.Code = "PJ023" // filter value that is a list, a table or a date
)

// The warnings of a map.
const (
	warnNotInformed diag.Code = "PJ101" // resolved for more than two weeks, customers not informed
	warnReview      diag.Code = "PJ102" // past its review date
	warnNoEmotion   diag.Code = "PJ103" // touchpoint without emotion
	warnEmptyStage  diag.Code = "PJ104" // stage without touchpoint
	warnOneStage    diag.Code = "PJ105" // a single stage
	warnTooLong     diag.Code = "PJ106" // more than twenty touchpoints
	warnMoments     diag.Code = "PJ107" // too many moments of truth
	warnSource      diag.Code = "PJ108" // measured without source
	warnNoEffect    diag.Code = "PJ109" // delivered without metric
	warnReason      diag.Code = "PJ110" // dropped without reason
	warnInformed    diag.Code = "PJ111" // customers_informed without informed
	warnPersona     diag.Code = "PJ112" // unused persona
	warnMetric      diag.Code = "PJ113" // unused metric
	warnHappy       diag.Code = "PJ114" // open friction on a +2 touchpoint
	warnClosed      diag.Code = "PJ115" // pending opportunity that resolves a closed friction
	warnOwner       diag.Code = "PJ116" // severe friction without owner
	warnUnplaced    diag.Code = "PJ117" // opportunity with no place on the map
	warnNoMatch     diag.Code = "PJ118" // glob that matches nothing
	warnAssumed     diag.Code = "PJ119" // severity or frequency not given
	warnUnresolved  diag.Code = "PJ120" // informed without resolved
	warnNoUpdate    diag.Code = "PJ121" // review without updated
	warnChannel     diag.Code = "PJ122" // channel close to a built-in one
	warnEvent       diag.Code = "PJ123" // two touchpoints bound to one event
	warnTwice       diag.Code = "PJ124" // id listed twice
	warnTarget      diag.Code = "PJ125" // target outside the scale
	warnVersions    diag.Code = "PJ126" // versions of one map that differ in more than words
	warnLanguage    diag.Code = "PJ127" // file name with a language that the site does not have
)
