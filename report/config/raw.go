package config

import (
	"parcours/internal/tomlpos"
)

// rawSite is the file as written. Its tags are the vocabulary of site.toml; site.schema.json says the same to editors.
type rawSite struct {
	Site     rawHead           `toml:"site"`
	Build    rawBuild          `toml:"build"`
	Brand    rawBrand          `toml:"brand"`
	Report   rawReport         `toml:"report"`
	CLV      rawCLV            `toml:"clv"`
	Data     rawData           `toml:"data"`
	Journey  rawJourney        `toml:"journey"`
	Playbook rawPlaybook       `toml:"playbook"`
	Stages   map[string]string `toml:"stages"`
	Warnings map[string]string `toml:"warnings"`
}

type rawHead struct {
	Title           string   `toml:"title"`
	Language        string   `toml:"language"`
	Languages       []string `toml:"languages"`
	Timezone        string   `toml:"timezone"`
	Currency        string   `toml:"currency"`
	Theme           string   `toml:"theme"`
	Output          string   `toml:"output"`
	Notice          notice   `toml:"notice"`
	WeekStart       string   `toml:"week_start"`
	FiscalYearStart int64    `toml:"fiscal_year_start"`
	Pages           string   `toml:"pages"`
}

type rawBuild struct {
	Memory      size `toml:"memory"`
	Incremental bool `toml:"incremental"`
}

type rawBrand struct {
	Name      string `toml:"name"`
	Logo      string `toml:"logo"`
	Color     string `toml:"color"`
	ColorDark string `toml:"color_dark"`
	Face      string `toml:"face"`
}

type rawReport struct {
	AsOf       tomlpos.Date    `toml:"as_of"`
	Grain      string          `toml:"grain"`
	Retention  tomlpos.Strings `toml:"retention"`
	WindowDays integers        `toml:"window_days"`
	Cohort     string          `toml:"cohort"`
	Dimension  string          `toml:"dimension"`
	MinCell    int64           `toml:"min_cell"`
	MaxDropped float64         `toml:"max_dropped"`
	ActiveDays int64           `toml:"active_days"`
	LostDays   int64           `toml:"lost_days"`
}

type rawCLV struct {
	Model          string       `toml:"model"`
	HorizonMonths  int64        `toml:"horizon_months"`
	DiscountRate   float64      `toml:"discount_rate"`
	Margin         float64      `toml:"margin"`
	CalibrationEnd tomlpos.Date `toml:"calibration_end"`
}

type rawJourney struct {
	Maps tomlpos.Strings `toml:"maps"`
}

type rawPlaybook struct {
	Files tomlpos.Strings `toml:"files"`
	Off   tomlpos.Strings `toml:"off"`
}

// rawData holds pointers, because a table that is not there is an input that the shop does not have.
type rawData struct {
	Orders    *rawOrders    `toml:"orders"`
	Customers *rawCustomers `toml:"customers"`
	Spend     *rawSpend     `toml:"spend"`
	Messages  *rawMessages  `toml:"messages"`
	Surveys   *rawSurveys   `toml:"surveys"`
	Tickets   *rawTickets   `toml:"tickets"`
	Events    *rawEvents    `toml:"events"`
	Rates     *rawRates     `toml:"rates"`
}

type rawOrders struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Customer role `toml:"customer"`
	Order    role `toml:"order"`
	Time     role `toml:"time"`
	Amount   role `toml:"amount"`
	Status   role `toml:"status"`
	Channel  role `toml:"channel"`
	Currency role `toml:"currency"`
	Country  role `toml:"country"`
	Product  role `toml:"product"`
	Category role `toml:"category"`
	Quantity role `toml:"quantity"`
	Discount role `toml:"discount"`
	Refund   role `toml:"refund"`

	Negative     string          `toml:"negative"`
	Unit         string          `toml:"unit"`
	RefundStatus tomlpos.Strings `toml:"refund_status"`
}

type rawCustomers struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Customer role `toml:"customer"`
	SignUp   role `toml:"sign_up"`
	Channel  role `toml:"channel"`
	Country  role `toml:"country"`
}

type rawSpend struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Time     role   `toml:"time"`
	Channel  role   `toml:"channel"`
	Amount   role   `toml:"amount"`
	Currency role   `toml:"currency"`
	Unit     string `toml:"unit"`
}

type rawMessages struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Customer role `toml:"customer"`
	Time     role `toml:"time"`
	Event    role `toml:"event"`
	Channel  role `toml:"channel"`
	Campaign role `toml:"campaign"`
}

type rawSurveys struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Customer   role `toml:"customer"`
	Time       role `toml:"time"`
	Score      role `toml:"score"`
	Metric     role `toml:"metric"`
	Touchpoint role `toml:"touchpoint"`
}

type rawTickets struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Customer   role `toml:"customer"`
	Time       role `toml:"time"`
	FirstReply role `toml:"first_reply"`
	Channel    role `toml:"channel"`
}

type rawEvents struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Customer   role `toml:"customer"`
	Time       role `toml:"time"`
	Touchpoint role `toml:"touchpoint"`
}

type rawRates struct {
	Path     tomlpos.Strings `toml:"path"`
	Where    string          `toml:"where"`
	Timezone string          `toml:"timezone"`
	Optional bool            `toml:"optional"`

	Time     role `toml:"time"`
	Currency role `toml:"currency"`
	Rate     role `toml:"rate"`
}
