internal import Configuration
internal import Logging

extension RemoteService {
    /// What the sessions of a host that runs ask of it.
    init(_ runtime: AgentRuntime, _ configuration: AgentConfiguration, identity: HostIdentity, logger: Logger) {
        let host = runtime.host
        self.init(
            agent: runtime.agent,
            host: host,
            journal: runtime.journal,
            feed: runtime.feed,
            identity: identity,
            facts: HostFactsReader(
                host: configuration.host,
                clock: host.clock,
                paths: configuration.paths,
                systemd: host.systemd,
                identity: identity
            ),
            ledgers: LedgerGuard(
                fleet: configuration.fleet,
                paths: configuration.paths,
                journal: runtime.journal,
                logger: logger
            ),
            trust: TrustKeeper(paths: configuration.paths, logger: logger)
        )
    }
}
