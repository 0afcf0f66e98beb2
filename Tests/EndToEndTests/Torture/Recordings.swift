/// What the threads of an agent call in each operation when nothing goes wrong; recorded once.
actor Recordings {
    static let shared = Recordings()

    private var found: [String: [(Trial.Operation, [SystemCall])]] = [:]

    /// The calls of one thread by which something changes, in their order.
    func calls(of thread: String) async throws -> [(Trial.Operation, [SystemCall])] {
        if found.isEmpty {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                let host = TortureHost(fleet)
                try await host.begin()
                for operation in Trial.Operation.allCases {
                    for thread in [TortureHost.effects, TortureHost.systemd] {
                        await self.add(operation, thread, try await host.record(operation, thread: thread))
                    }
                }
            }
        }
        return found[thread, default: []]
    }

    private func add(_ operation: Trial.Operation, _ thread: String, _ calls: [SystemCall]) {
        found[thread, default: []].append((operation, calls))
    }
}
