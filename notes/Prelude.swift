// What every example in the notes may use: the imports below stand before each of them.
internal import ICE
internal import NATTable
internal import ProtocolTime
internal import STUN
internal import STUNCodec
internal import TransportAddress
