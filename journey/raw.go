package journey

// rawMap is the file as written. Its tags are the vocabulary; map.schema.json says the same to editors.
type rawMap struct {
	Journey     rawJourney       `toml:"journey" required:"true"`
	Persona     []rawPersona     `toml:"persona"`
	Stage       []rawStage       `toml:"stage" required:"true"`
	Feeling     []rawFeeling     `toml:"feeling"`
	Friction    []rawFriction    `toml:"friction"`
	Quote       []rawQuote       `toml:"quote"`
	Opportunity []rawOpportunity `toml:"opportunity"`
	Metric      []rawMetric      `toml:"metric"`
	SLA         []rawSLA         `toml:"sla"`
	Channel     []rawChannel     `toml:"channel"`
	Emotion     []rawEmotion     `toml:"emotion"`
	Teams       map[string]text  `toml:"teams"`
}

type rawJourney struct {
	ID       text  `toml:"id"`
	Title    text  `toml:"title" required:"true"`
	State    text  `toml:"state"`
	Scenario text  `toml:"scenario"`
	Goal     text  `toml:"goal"`
	Owner    text  `toml:"owner"`
	Updated  day   `toml:"updated"`
	Review   text  `toml:"review"`
	Personas names `toml:"personas"`
}

type rawPersona struct {
	ID      text           `toml:"id"`
	Name    text           `toml:"name" required:"true"`
	Role    text           `toml:"role"`
	Needs   names          `toml:"needs"`
	Quote   text           `toml:"quote"`
	Segment map[string]any `toml:"segment"`
}

type rawStage struct {
	ID         text            `toml:"id"`
	Name       text            `toml:"name" required:"true"`
	Lifecycle  text            `toml:"lifecycle"`
	Touchpoint []rawTouchpoint `toml:"touchpoint"`
}

type rawTouchpoint struct {
	ID            text  `toml:"id"`
	Name          text  `toml:"name" required:"true"`
	Channel       text  `toml:"channel"`
	Action        text  `toml:"action"`
	Thought       text  `toml:"thought"`
	Emotion       names `toml:"emotion"`
	Valence       whole `toml:"valence"`
	Intensity     whole `toml:"intensity"`
	MomentOfTruth truth `toml:"moment_of_truth"`
	Backstage     names `toml:"backstage"`
	Event         text  `toml:"event"`
	Friction      text  `toml:"friction"`
	Opportunity   text  `toml:"opportunity"`
}

type rawFeeling struct {
	On      names `toml:"on" required:"true"`
	Persona text  `toml:"persona" required:"true"`
	Emotion names `toml:"emotion" required:"true"`
}

type rawFriction struct {
	ID                text  `toml:"id"`
	On                names `toml:"on" required:"true"`
	Title             text  `toml:"title" required:"true"`
	Severity          whole `toml:"severity"`
	Frequency         whole `toml:"frequency"`
	Evidence          text  `toml:"evidence"`
	Source            text  `toml:"source"`
	Owner             text  `toml:"owner"`
	Reported          day   `toml:"reported"`
	Started           day   `toml:"started"`
	Resolved          day   `toml:"resolved"`
	Informed          day   `toml:"informed"`
	Dropped           day   `toml:"dropped"`
	Reason            text  `toml:"reason"`
	CustomersInformed whole `toml:"customers_informed"`
}

type rawQuote struct {
	On      names `toml:"on" required:"true"`
	Persona text  `toml:"persona"`
	Text    text  `toml:"text" required:"true"`
	Source  text  `toml:"source"`
	Date    day   `toml:"date"`
}

type rawOpportunity struct {
	ID       text   `toml:"id"`
	Title    text   `toml:"title" required:"true"`
	Resolves names  `toml:"resolves"`
	Impact   whole  `toml:"impact"`
	Effort   whole  `toml:"effort"`
	Status   text   `toml:"status"`
	Owner    text   `toml:"owner"`
	Due      day    `toml:"due"`
	Metric   text   `toml:"metric"`
	Target   number `toml:"target"`
}

type rawMetric struct {
	ID        text           `toml:"id"`
	Name      text           `toml:"name" required:"true"`
	On        names          `toml:"on"`
	Table     text           `toml:"table" required:"true"`
	Column    text           `toml:"column"`
	Aggregate text           `toml:"aggregate" required:"true"`
	Scale     text           `toml:"scale"`
	Where     map[string]any `toml:"where"`
	Target    number         `toml:"target"`
}

type rawSLA struct {
	Channel    text  `toml:"channel" required:"true"`
	FirstReply text  `toml:"first_reply"`
	Resolution text  `toml:"resolution"`
	Percentile whole `toml:"percentile"`
}

type rawChannel struct {
	ID   text `toml:"id" required:"true"`
	Name text `toml:"name" required:"true"`
}

type rawEmotion struct {
	Name    text  `toml:"name" required:"true"`
	Valence whole `toml:"valence" required:"true"`
}
