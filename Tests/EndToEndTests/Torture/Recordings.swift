/// What the threads of an agent call in each operation when nothing goes wrong; recorded once, whoever asks first.
actor Recordings {
    static let shared = Recordings()

    private typealias Calls = [(Trial.Operation, [SystemCall])]

    private var recording: Task<[String: Calls], any Error>?

    /// The calls of one thread by which something changes, in their order.
    func calls(of thread: String) async throws -> [(Trial.Operation, [SystemCall])] {
        let recording = recording ?? Task { try await Self.record() }
        self.recording = recording
        return try await recording.value[thread, default: []]
    }

    private static func record() async throws -> [String: Calls] {
        let found = Found()
        try await FleetPool.shared.fresh(hosts: 1) { fleet in
            let host = TortureHost(fleet)
            try await host.begin()
            for operation in Trial.Operation.allCases {
                for thread in [TortureHost.effects, TortureHost.systemd] {
                    await found.add(try await host.record(operation, thread: thread), of: thread, in: operation)
                }
            }
        }
        return await found.calls
    }

    private actor Found {
        private(set) var calls: [String: Calls] = [:]

        func add(_ found: [SystemCall], of thread: String, in operation: Trial.Operation) {
            calls[thread, default: []].append((operation, found))
        }
    }
}
