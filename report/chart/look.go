package chart

// formats are the known formats; the browser knows the same.
var formats = map[Format]bool{Integer: true, Decimal: true, Percent: true, Money: true, Days: true}

// look is how a role is drawn: a colour token, a line width, its depth, and the symbol of its points, a second cue
// for who does not tell the colours apart.
type look struct {
	token  string
	width  float64
	z      int
	symbol string
}

// looks gives every role its look. The empty role is drawn as the main one.
var looks = map[Role]look{
	"":      {"main", 2.25, 4, "circle"},
	Main:    {"main", 2.25, 4, "circle"},
	Context: {"context", 1.25, 2, "circle"},
	Good:    {"good", 2, 4, "rect"},
	Bad:     {"bad", 2, 4, "triangle"},
	Soft:    {"soft", 2, 3, "circle"},
	Mid:     {"mid", 2, 3, "diamond"},
	Mean:    {"mean", 2.75, 5, "circle"},
	Cost:    {"cost", 1.5, 4, "triangle"},
	Third:   {"care", 2, 4, "diamond"},
	Q1:      {"q1", 1.5, 3, "circle"},
	Q2:      {"q2", 1.5, 3, "circle"},
	Q3:      {"q3", 1.5, 3, "circle"},
	Q4:      {"q4", 1.5, 3, "circle"},
	Q5:      {"q5", 1.5, 3, "circle"},
	Q6:      {"q6", 1.5, 3, "circle"},
}

// tokens are the colours that options may name. The page maps them to custom properties of the theme (parcours.js).
var tokens = map[string]bool{
	"main": true, "context": true, "good": true, "bad": true, "soft": true, "mid": true, "mean": true, "cost": true,
	"q1": true, "q2": true, "q3": true, "q4": true, "q5": true, "q6": true,
	"ink": true, "ink2": true, "ink3": true, "rule": true, "rule2": true, "paper": true, "wash": true, "care": true,
}

func color(token string) string { return "@color:" + token }

// The faces are metric-compatible with Arial; the theme's own comes first.
const (
	face      = "Hanken Grotesk, Arial, Liberation Sans, Helvetica, sans-serif"
	fontSize  = 13
	tickSize  = 12
	noSymbols = 30  // a line with more points has no symbols
	endRoom   = 132 // pixels for the names at the end of lines; longer ones go on several lines
)
