/// The keys of `fleet.yml`.
enum FleetKeys: String, KeySet {
    case fleet
    case coordinator
    case services

    /// The keys of one service.
    enum Service: String, KeySet {
        case artifacts
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
        case onFailure = "on_failure"
        case failureBudget = "failure_budget"
        case progressDeadline = "progress_deadline"
        case prepareTimeout = "prepare_timeout"
        case notify
        case onReturn = "on_return"
        case timeZone = "time_zone"
        case hours
        case freezes

        static let notInThisVersion = [
            "gates": "this version judges a stage by its checks and its bake alone; gates come later"
        ]
    }

    /// The keys of one host.
    enum Host: String, KeySet {
        case name
        case address
        case port
        case region
        case zone
        case weight
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

    /// The keys of one stage; the first five say which hosts it takes.
    enum Stage: String, KeySet {
        case canary
        case region
        case zone
        case hosts
        case rest
        case window
        case bake

        static let selections: [Self] = [.canary, .region, .zone, .hosts, .rest]
        static let notInThisVersion = [
            "gates": "this version judges a stage by its checks and its bake alone; gates come later"
        ]
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
