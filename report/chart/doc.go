// Package chart turns a description of a figure into safe ECharts options, a table and a CSV file.
//
// # What a page holds
//
// Options returns the bytes of a data block. They hold no "<", ">" or "&" and go into the page as they are:
//
//	<figure class="fig">
//	  <figcaption>…</figcaption>
//	  <div class="chart-live" data-chart="ID" role="img" aria-label="DESCRIPTION" hidden></div>
//	  <script type="application/json" class="chart-option" data-for="ID">OPTIONS</script>
//	  …
//	  <details open class="chart-table"><summary>…</summary><table>…</table></details>
//	</figure>
//	<script defer src="assets/js/formatters.HASH.js"></script>
//	<script defer src="assets/js/parcours.HASH.js" data-echarts="assets/vendor/echarts.HASH.js"></script>
//
// The table is the content; the chart is an enhancement. Without scripts the table is open and the div hidden. With
// scripts, parcours.js fetches the library when the first figure comes near (a classic script element, named by
// data-echarts; the library must not have a script element of its own), draws, and only after a successful drawing
// shows the div and closes the table. DESCRIPTION is Description(spec, loc).
//
// # Why the options are safe
//
// Only Validate and JSON of go-echarts are called, never its page writers, which turn a label into a script. The
// result is decoded, overlaid, and passed through a whitelist of keys and values (sanitise.go). Colours are tokens
// "@color:good", which the page turns into the theme's custom properties, so that one drawing serves light, dark and
// paper. Formatters are names "@fmt:tip", looked up under known keys only: the same text in a label stays a text.
package chart
