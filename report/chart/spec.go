package chart

// Kind is a type of chart.
type Kind string

// The kinds. Stack is stacked bars, negative values below zero; HBar is horizontal bars.
const (
	Line  Kind = "line"
	Bar   Kind = "bar"
	Stack Kind = "stack"
	Area  Kind = "area" // stacked areas
	HBar  Kind = "hbar"
	Point Kind = "scatter"
)

// Format names how a value is written; the same names exist in JavaScript (formatters.js).
type Format string

// The formats. Money values are in minor units, percent values are fractions.
const (
	Integer Format = "int"
	Decimal Format = "dec" // one decimal
	Percent Format = "pct" // one decimal
	Money   Format = "money"
	Days    Format = "days"
)

// Role is what a series means; the theme turns it into colour, width and dash.
type Role string

// The roles.
const (
	Main    Role = "main"    // the one that the finding is about
	Context Role = "context" // grey background, not in the legend
	Good    Role = "good"
	Bad     Role = "bad"
	Soft    Role = "soft"  // light shade of main
	Mid     Role = "mid"   // middle shade
	Mean    Role = "mean"  // thick ink line
	Cost    Role = "cost"  // thin red line
	Third   Role = "third" // a colour beside mean and good, for a third line
	Q1      Role = "q1"    // sequential shades, light to dark
	Q2      Role = "q2"
	Q3      Role = "q3"
	Q4      Role = "q4"
	Q5      Role = "q5"
	Q6      Role = "q6"
)

// Spec describes one figure in the words of its reader; it holds no ECharts concept.
type Spec struct {
	ID          string // [a-z][a-z0-9-]*, unique on its page
	Kind        Kind
	X           []string // labels, already in the page's language
	XName       string
	YName       string
	Y           Format
	YMax        float64 // 0: automatic; otherwise fixed so that reports compare
	Series      []Series
	Partial     int    // number of last categories in progress: drawn hatched or dashed
	Height      int    // CSS pixels; 0: 320
	Description string // one or two sentences from the data, for screen readers
	Marks       []Mark // horizontal reference lines
	Split       *Split // vertical line on a Line chart; nil none
}

// Split parts the categories of a Line chart: a vertical line at category At, named at its top.
type Split struct {
	At    int // index in X
	Label string
}

// Series is one line, bar set or area. Values has one entry per X; a missing point is NaN.
type Series struct {
	Name   string
	Role   Role
	Values []float64
	Low    []float64 // with High: interval band of a line; nil when none
	High   []float64
	Label  string // direct label at the line's end, "" none
	Dashed bool   // projection or partial
}

// Mark is a horizontal reference line.
type Mark struct {
	Value float64
	Label string
	Role  Role
}

// Table is the same figures as rows: the HTML table without JavaScript and the CSV file.
type Table struct {
	ID      string // file name without extension: data/<ID>.csv
	Caption string
	Columns []Column
	Rows    []Row
	Foot    []Row
}

// Column is one column; Num aligns right.
type Column struct {
	Name string // heading, in the page's language
	Key  string // heading in the CSV, snake_case, the same in every language
	Num  bool
}

// Row is one line of a table; the first cell is the row's heading.
type Row struct {
	Class string // CSS class, from the theme's list
	Cells []Cell
}

// Cell is a value as read (Text) and as computed with (Raw, for the CSV: dot decimals, ISO dates, empty for unknown).
type Cell struct {
	Text  string
	Raw   string
	Class string
	Link  string // relative link of the text, "" none
}
