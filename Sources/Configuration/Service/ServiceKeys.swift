/// The keys of `service.yml`.
enum ServiceKeys: String, KeySet {
    case service
    case unit
    case sockets
    case strategy
    case instances
    case job
    case migration
    case startTimeout = "start_timeout"
    case healthyFor = "healthy_for"
    case checkDeadline = "check_deadline"
    case checkInterval = "check_interval"
    case checks
    case hooks

    /// The keys of `unit` where it is a mapping.
    enum Unit: String, KeySet {
        case existing
    }

    /// The keys of `migration`.
    enum Migration: String, KeySet {
        case command
        case reversible
        case timeout
    }

    /// The keys of `job`.
    enum Job: String, KeySet {
        case unit
        case within
        case trial
    }

    /// The keys of one check; the first five say which kind it is.
    enum Check: String, KeySet {
        case http
        case tcp
        case command
        case heartbeat
        case file
        case expect
        case headers
        case timeout

        static let kinds: [Self] = [.http, .tcp, .command, .heartbeat, .file]
    }

    /// The keys of `expect` in an HTTP check.
    enum Expect: String, KeySet {
        case status
        case bodyContains = "body_contains"
    }

    /// The keys of a heartbeat check.
    enum Heartbeat: String, KeySet {
        case file
        case newerThan = "newer_than"
    }

    /// The keys of `hooks`.
    enum Hooks: String, KeySet {
        case drain
        case undrain
        case warmUp = "warm_up"
        case idle
        case timeout
    }

    /// The keys of `idle` in `hooks`.
    enum Idle: String, KeySet {
        case command
        case within
    }

    /// The keys of `drain` in `hooks` where it is a mapping.
    enum DrainFile: String, KeySet {
        case file
        case wait = "for"
    }
}
