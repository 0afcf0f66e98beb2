internal import HTTP
internal import Model
internal import TLS
internal import Trust

/// Asks an HTTP server, and looks at its answer.
struct HTTPGateJudge {
    private let gate: HTTPGate
    private let timeout: TimeSpan

    init(_ gate: HTTPGate, timeout: TimeSpan) {
        self.gate = gate
        self.timeout = timeout
    }

    func judge() async -> GateVerdict {
        do {
            let url = try HTTPURL(parsing: gate.url)
            return look(at: try await HTTPClient.forGates(url).get(url, timeout: timeout.duration))
        } catch {
            return GateVerdict(.inconclusive, "\(error)")
        }
    }

    /// Where a value is asked for, an answer of another status lacks it: that is missing data.
    private func look(at response: HTTPResponse) -> GateVerdict {
        let found = "\(gate.url) answered \(response.status)"
        guard response.status == gate.status else {
            let answer: GateVerdict.Answer = gate.pointer == nil ? .fail : .inconclusive
            return GateVerdict(answer, "\(found), expected \(gate.status)", details: Self.head(of: response.body))
        }
        guard let pointer = gate.pointer, let demand = gate.demand else { return GateVerdict(.pass, found) }
        do {
            let json = try JSONValue(parsing: response.body)
            guard let value = json[pointer] else {
                let details = Self.head(of: response.body)
                return GateVerdict(.inconclusive, "\(gate.url) has nothing at \(pointer)", details: details)
            }
            return Self.judge(value, at: pointer, demand)
        } catch {
            return GateVerdict(.inconclusive, "\(gate.url) answered no JSON: \(error.advice)")
        }
    }

    private static func judge(_ value: JSONValue, at pointer: JSONPointer, _ demand: HTTPGate.Demand) -> GateVerdict {
        guard let text = value.scalar else {
            return GateVerdict(.inconclusive, "\(pointer) is no text, number or truth value; expected \(demand)")
        }
        switch demand {
        case .equals(let expected):
            return GateVerdict(text == expected ? .pass : .fail, "\(pointer) is '\(text)', expected \(demand)")
        case .bounds(let bounds):
            // A number in quotes is a number, as Prometheus and others write it.
            guard let figure = Figure(text) else {
                return GateVerdict(.inconclusive, "\(pointer) is '\(text)', which is no number; expected \(demand)")
            }
            let answer: GateVerdict.Answer = bounds.contains(figure.value) ? .pass : .fail
            return GateVerdict(answer, "\(pointer) is \(text), expected \(demand)")
        }
    }

    /// What the server has said, as far as it helps a person.
    static func head(of body: [UInt8]) -> [String] {
        let text = String(decoding: body.prefix(1000), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).prefix(5).map(String.init)
    }
}

extension HTTPClient {
    /// A client that believes the system's certificate authorities where the URL asks for TLS.
    static func forGates(_ url: HTTPURL) throws -> Self {
        Self(trust: url.scheme == .https ? try WebTrust.system() : nil)
    }
}
