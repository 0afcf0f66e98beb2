/// A GET that the coordinator sends, and what its answer must be.
package struct HTTPGate: Hashable, Codable, Sendable {
    package var url: String
    package var status: Int
    /// The value in the answer's JSON that is looked at; nil where the status alone counts.
    package var pointer: JSONPointer?
    package var demand: Demand?

    package init(url: String, status: Int = 200, pointer: JSONPointer? = nil, demand: Demand? = nil) {
        self.url = url
        self.status = status
        self.pointer = pointer
        self.demand = demand
    }

    /// What the value must be.
    package enum Demand: Hashable, Codable, Sendable, CustomStringConvertible {
        /// A text, a number or a truth value, by how it is written.
        case equals(String)
        case bounds(GateBounds)

        package var description: String {
            switch self {
            case .equals(let text): "'\(text)'"
            case .bounds(let bounds): "\(bounds)"
            }
        }
    }
}
