/// The keys of `fleet.yml`.
enum FleetKeys: String, KeySet {
    case fleet
    case coordinator
    case services

    /// The keys of one service.
    enum Service: String, KeySet {
        case artifacts
        case gates
        case environments
    }

    /// The keys of one environment.
    enum Environment: String, KeySet {
        case hosts
        case inventory
        case capacity
        case stages
        case config
        case secrets
        case debianScripts = "debian_scripts"
        case approvals
        case approveWithin = "approve_within"
        case controlled
        case commitWithin = "commit_within"
        case onCommitMissing = "on_commit_missing"
        case migrateOn = "migrate_on"
        case onFailure = "on_failure"
        case failureBudget = "failure_budget"
        case progressDeadline = "progress_deadline"
        case prepareTimeout = "prepare_timeout"
        case notify
        case onReturn = "on_return"
        case gates
        case traffic
        case timeZone = "time_zone"
        case hours
        case freezes
        case offline
        case bake
        case proven
        case after
    }

    /// The keys of one host.
    enum Host: String, KeySet {
        case name
        case address
        case port
        case region
        case zone
        case weight
        case labels
    }

    /// The keys of `inventory` where it is a mapping.
    enum Inventory: String, KeySet {
        case file
        case group
    }

    /// The keys of `capacity`.
    enum Capacity: String, KeySet {
        case floor
        case window
        case regions
        case zones
    }

    /// The keys of the rule of one region or zone.
    enum Place: String, KeySet {
        case floor
        case window
    }

    /// The keys of one stage; the first seven say which hosts it takes, and `label` alone does, too.
    enum Stage: String, KeySet {
        case canary
        case ramp
        case region
        case regions
        case zone
        case hosts
        case rest
        case label
        case window
        case floor
        case bake
        case gates

        static let selections: [Self] = [.canary, .ramp, .region, .regions, .zone, .hosts, .rest]
    }

    /// The keys of one gate; the first seven say what is asked.
    enum Gate: String, KeySet {
        case prometheus
        case alertmanager
        case systemd
        case service
        case http
        case command
        case person
        case query
        case requests
        case minRequests = "min_requests"
        case over
        case step
        case minSamples = "min_samples"
        case compare
        case bad
        case significance
        case tolerance
        case gates
        case match
        case watchdog
        case status
        case pointer
        case equals
        case min
        case max
        case timeout
        case interval
        case retries
        case failureLimit = "failure_limit"
        case onFail = "on_fail"
        case onInconclusive = "on_inconclusive"

        static let kinds: [Self] = [.prometheus, .alertmanager, .systemd, .service, .http, .command, .person]
    }

    /// The keys of `systemd` of a gate.
    enum Units: String, KeySet {
        case maxRestarts = "max_restarts"
        case maxErrorLines = "max_error_lines"
        case maxMemory = "max_memory"
        case maxCPU = "max_cpu"
    }

    /// The keys of `traffic`.
    enum Traffic: String, KeySet {
        case haproxy
        case drainWithin = "drain_within"
        case onSessionsLeft = "on_sessions_left"
    }

    /// The keys of one load balancer.
    enum HAProxy: String, KeySet {
        case socket
        case backend
        case server
    }

    /// The keys of `offline` where it is a mapping.
    enum Offline: String, KeySet {
        case wait
        case skip
    }

    /// The keys of `bake` of an environment.
    enum Bake: String, KeySet {
        case first
        case least
    }

    /// The keys of `proven`.
    enum Proven: String, KeySet {
        case environments = "in"
        case span = "for"
        case wayBack = "way_back"
    }

    /// The keys of one entry of `hours`.
    enum Hours: String, KeySet {
        case days
        case from
        case until
        case timeZone = "time_zone"
    }

    /// The keys of one entry of `freezes`.
    enum Freeze: String, KeySet {
        case from
        case until
        case reason
        case timeZone = "time_zone"
    }

    /// The keys of `notify`.
    enum Notify: String, KeySet {
        case webhook
        case command
    }

    /// The keys of one secret.
    enum Secret: String, KeySet {
        case credential
    }
}
